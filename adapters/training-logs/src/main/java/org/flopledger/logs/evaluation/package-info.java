/** Results of evaluation and inference: what a model can do, never what its training cost. */
@NullMarked
package org.flopledger.logs.evaluation;

import org.jspecify.annotations.NullMarked;
