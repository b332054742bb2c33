/**
 * Amounts and rates of computation: exact FLOP counts, FLOP/s, number formats.
 *
 * <p>Everything here is an immutable value and depends on the JDK alone.
 */
@NullMarked
package org.flopledger.units;

import org.jspecify.annotations.NullMarked;
