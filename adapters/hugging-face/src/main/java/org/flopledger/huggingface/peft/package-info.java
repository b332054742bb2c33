/** Methods of the peft library: which modules of a model they name, and what they train and multiply there. */
@NullMarked
package org.flopledger.huggingface.peft;

import org.jspecify.annotations.NullMarked;
