/** TensorBoard event files, as every trainer can write them. */
@NullMarked
package org.flopledger.logs.tensorboard;

import org.jspecify.annotations.NullMarked;
