package org.flopledger.exports;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.flopledger.account.RunAccount;
import org.flopledger.review.Facts;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/**
 * One run as it is told to others: what it cost, what rules may know of it, and what was known beside its steps. Immutable.
 *
 * <p>Of these only identities, stages, names of ancestors and devices, and amounts are written: never a path, a host or a text of a
 * log.
 *
 * @param account what it cost
 * @param facts what rules may know of it
 * @param beside what no step told
 */
public record ExportedRun(RunAccount account, Facts facts, Beside beside) {

    /** Checks that all is there. */
    public ExportedRun {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(beside, "beside");
    }

    /**
     * What was known of a run beside its steps. It stands before what the steps told.
     *
     * @param totalParameters all parameters; null if unknown
     * @param activeParameters parameters one token passes through; null if unknown
     * @param trainableParameters parameters that were trained; null if unknown
     * @param techniques how few parameters were trained instead of all; empty if not so, or unknown
     * @param startedAt when the first attempt began; null if unknown
     * @param endedAt when the last attempt ended; null if unknown
     * @param devices accelerators; null if unknown
     * @param deviceModel which, by a name of the device table; null if unknown
     */
    public record Beside(
            @Nullable Long totalParameters,
            @Nullable Long activeParameters,
            @Nullable Long trainableParameters,
            Set<PeftTechnique> techniques,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Long devices,
            @Nullable String deviceModel) {

        /** Nothing was known beside the steps. */
        public static final Beside NOTHING = new Beside(null, null, null, Set.of(), null, null, null, null);

        /** Copies the set. */
        public Beside {
            techniques = Set.copyOf(techniques);
        }
    }
}
