/**
 * What devices did, as counters, schedulers and energy meters tell it: evidence that bounds a run and is never added to its FLOP.
 */
@NullMarked
package org.flopledger.logs.hardware;

import org.jspecify.annotations.NullMarked;
