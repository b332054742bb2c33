/** What a ledger holds, and how it stands, as Micrometer meters: {@link org.flopledger.micrometer.LedgerMeters}. */
@NullMarked
package org.flopledger.micrometer;

import org.jspecify.annotations.NullMarked;
