/** Runs of Weights &amp; Biases as its client keeps them on disk: the transaction log and the files beside it. */
@NullMarked
package org.flopledger.logs.wandb;

import org.jspecify.annotations.NullMarked;
