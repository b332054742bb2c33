/**
 * FLOP of a described model in a training setting, per token and per step, with method, convention and bounds.
 *
 * <p>Closed forms are exact integers; anything that is an estimate says so in its result.
 */
@NullMarked
package org.flopledger.estimation;

import org.jspecify.annotations.NullMarked;
