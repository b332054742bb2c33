package org.flopledger.logs;

import java.math.BigDecimal;

/**
 * Between which shares of the devices' dense peak a run's model operations lie. Immutable.
 *
 * @param low the share of the peak of the narrowest format
 * @param high the share of the 16-bit peak, at most 1; equal to {@code low} where the devices have one peak for both and the
 *     operations are known
 */
public record PeakShare(BigDecimal low, BigDecimal high) {

    /** Returns whether both are one. */
    public boolean isPoint() {
        return low.compareTo(high) == 0;
    }
}
