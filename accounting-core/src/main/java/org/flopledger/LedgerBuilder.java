package org.flopledger;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.journal.JournalOptions;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a {@link ComputeLedger} needs, and opens it; made by {@link ComputeLedger#open} and {@link
 * ComputeLedger#inMemory}. Not thread-safe.
 */
public final class LedgerBuilder {

    private final Map<String, ReviewProfile> profiles = new LinkedHashMap<>();
    private final List<ReviewListener> listeners = new ArrayList<>();
    private @Nullable PlausibilityLimits plausibility = PlausibilityLimits.DEFAULT;
    private InstantSource clock = InstantSource.system();

    private final @Nullable Path directory;
    private JournalOptions options = JournalOptions.durable();

    LedgerBuilder(@Nullable Path directory) {
        this.directory = directory;
    }

    /** Keeps the journal of a durable ledger by these options; without effect in memory. */
    public LedgerBuilder journal(JournalOptions journalOptions) {
        options = journalOptions;
        return this;
    }

    /** Takes the present moment from this clock, for projections; the system's without this call. */
    public LedgerBuilder clock(InstantSource source) {
        clock = source;
        return this;
    }

    /** Puts a profile's rules in force. */
    public LedgerBuilder profile(ReviewProfile profile) {
        if (profiles.put(profile.id(), profile) != null) {
            throw new IllegalArgumentException("profile '" + profile.id() + "' is given twice, must be given once");
        }
        return this;
    }

    /**
     * Draws a line of your own: a run's model FLOP in all stages, discarded steps and earlier weights by the same developer
     * included, above an amount. Reaching the amount is not yet above it.
     *
     * @param name the rule's name in findings: 1 to 64 lower case letters, digits and hyphens, beginning with a letter
     */
    public LedgerBuilder threshold(String name, FlopCount above) {
        return profile(ReviewProfiles.threshold(name, above));
    }

    /**
     * Takes steps beyond these limits without their figures: they count as observed and not covered, and are rejected by reason
     * and found IMPLAUSIBLE. Without this call the limits are {@link PlausibilityLimits#DEFAULT}.
     *
     * @param limits what a step can be at most, or null to check nothing
     */
    public LedgerBuilder plausibility(@Nullable PlausibilityLimits limits) {
        plausibility = limits;
        return this;
    }

    @Nullable
    PlausibilityLimits plausibility() {
        return plausibility;
    }

    /** Tells this listener of every finding, after it is committed. */
    public LedgerBuilder onFinding(ReviewListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Tells this listener of findings of one kind only. */
    public LedgerBuilder onFinding(FindingKind kind, ReviewListener listener) {
        return onFinding(finding -> {
            if (finding.finding().kind() == kind) {
                listener.onFinding(finding);
            }
        });
    }

    /**
     * Opens the ledger.
     *
     * @throws LedgerException if another writer has the directory open, or what it holds is damaged or cannot be read
     */
    public ComputeLedger start() {
        return new ComputeLedger(this);
    }

    Map<String, ReviewProfile> profiles() {
        return profiles;
    }

    List<ReviewListener> listeners() {
        return listeners;
    }

    InstantSource clock() {
        return clock;
    }

    /** Returns the directory of a durable ledger, or null for one in memory. */
    @Nullable
    Path directory() {
        return directory;
    }

    JournalOptions options() {
        return options;
    }
}
