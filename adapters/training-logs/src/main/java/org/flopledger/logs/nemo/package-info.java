/** NeMo. */
@NullMarked
package org.flopledger.logs.nemo;

import org.jspecify.annotations.NullMarked;
