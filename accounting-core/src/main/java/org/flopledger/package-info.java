/**
 * The facade: open a ledger, record steps, read totals, be called back at a threshold.
 *
 * <p>Start at {@code ComputeLedger}.
 */
@NullMarked
package org.flopledger;

import org.jspecify.annotations.NullMarked;
