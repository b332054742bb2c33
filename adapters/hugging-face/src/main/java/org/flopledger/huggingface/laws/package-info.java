/** How the number of parameters of a model type follows from its fields, measured and kept as data. */
@NullMarked
package org.flopledger.huggingface.laws;

import org.jspecify.annotations.NullMarked;
