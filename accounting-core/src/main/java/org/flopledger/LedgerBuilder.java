package org.flopledger;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.JournalReplay;
import org.flopledger.journal.JournalOptions;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a {@link ComputeLedger} needs, and opens it; made by {@link ComputeLedger#open} and {@link
 * ComputeLedger#inMemory}. Not thread-safe.
 *
 * <p>Whoever opens a ledger sets here what is not the default: the journal, rules to watch, listeners.
 */
public final class LedgerBuilder {

    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final int LEAST_RECORDER_STEPS = 4;
    private static final int MOST_RECORDER_STEPS = 1 << 20;

    private final Map<String, ReviewProfile> profiles = new LinkedHashMap<>();
    private final List<Consumer<RunFinding>> listeners = new ArrayList<>();
    private final List<Consumer<LedgerException>> failureListeners = new ArrayList<>();
    private @Nullable PlausibilityLimits plausibility = PlausibilityLimits.DEFAULT;
    private InstantSource clock = InstantSource.system();
    private Duration flushInterval = Duration.ofMillis(10);
    private int recorderSteps = 1 << 17;
    private WhenFull whenFull = WhenFull.WAIT;
    private @Nullable Executor executor;
    private @Nullable LenientArrow lenientArrow;
    private JournalOpener opener = Journal::open;

    private final @Nullable Path directory;
    private JournalOptions options = JournalOptions.durable();

    /** What a thread that records a step does when the recorder has no room for it. */
    public enum WhenFull {
        /** It waits until there is room; how often is in {@link LedgerStatus#waits}. */
        WAIT,
        /**
         * Its {@code record} throws a {@link LedgerException} of {@link LedgerException.Code#RECORDER_FULL}, and the step is not recorded;
         * how often is in {@link LedgerStatus#refused}.
         */
        FAIL
    }

    /** Opens the journal of a directory; another than {@link Journal#open} in tests. */
    interface JournalOpener {
        Journal open(Path directory, JournalOptions options, BufferAllocator allocator, JournalReplay replay);
    }

    LedgerBuilder(@Nullable Path directory) {
        this.directory = directory;
    }

    /** Keeps the journal of a durable ledger by these options; without effect in memory. */
    public LedgerBuilder journal(JournalOptions journalOptions) {
        options = Objects.requireNonNull(journalOptions, "journalOptions");
        return this;
    }

    /** Takes the present moment from this clock, for projections; the system's without this call. */
    public LedgerBuilder clock(InstantSource source) {
        clock = Objects.requireNonNull(source, "clock");
        return this;
    }

    /**
     * Takes in recorded steps so long after the first of them at the latest; 10 milliseconds without this call. Shorter finds
     * crossings sooner, longer makes fewer and larger commits. A recorder that is half full is emptied at once.
     *
     * @param interval from 0 to one minute
     */
    public LedgerBuilder flushInterval(Duration interval) {
        if (interval.isNegative() || interval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "flushInterval is " + interval + ", must be from 0 to " + LONGEST_INTERVAL);
        }
        flushInterval = interval;
        return this;
    }

    /**
     * Gives the recorder room for so many steps; 131 072 without this call. A step takes 128 bytes, and memory is allocated
     * as it is needed, one mebibyte at first: only while taking in waits for a disk is it all used.
     *
     * @param steps from 4 to 2^20
     */
    public LedgerBuilder recorderSteps(int steps) {
        if (steps < LEAST_RECORDER_STEPS || steps > MOST_RECORDER_STEPS) {
            throw new IllegalArgumentException("recorderSteps is " + steps + ", must be from " + LEAST_RECORDER_STEPS
                    + " to " + MOST_RECORDER_STEPS);
        }
        recorderSteps = steps;
        return this;
    }

    /**
     * Has {@link ComputeLedger#ingest(VectorSchemaRoot, DictionaryProvider)} take columns of other types and missing ones, by
     * copying; rows without a model take that of their run. Without this call a root must have the canonical schema.
     */
    public LedgerBuilder lenient(LenientArrow reader) {
        lenientArrow = Objects.requireNonNull(reader, "reader");
        return this;
    }

    /** Says what recording does when the recorder is full; it waits without this call. */
    public LedgerBuilder whenFull(WhenFull policy) {
        whenFull = Objects.requireNonNull(policy, "whenFull");
        return this;
    }

    /**
     * Calls listeners on this executor, of findings one at a time and in order; on a thread of the ledger without this call.
     */
    public LedgerBuilder executor(Executor listenersExecutor) {
        executor = Objects.requireNonNull(listenersExecutor, "executor");
        return this;
    }

    /**
     * Tells this listener of the failure that stops the ledger, at once and once: what is recorded from then on is refused,
     * and what is pending will not become durable. Open the ledger again to go on from what is on the disk.
     */
    public LedgerBuilder onFailure(Consumer<LedgerException> listener) {
        failureListeners.add(Objects.requireNonNull(listener, "listener"));
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

    /**
     * Tells this listener of each finding after it is committed, outside every lock that guards totals.
     *
     * <p>Within one ledger calls come one at a time, in the order of the findings. A listener may read totals. What it throws is
     * logged, and changes no total and no other listener's call.
     *
     * <p>At least once: a durable ledger marks a finding as told when every listener has returned normally from it. One without
     * that mark, because a listener threw or did not return before the end, is told again, to all listeners, when the ledger is
     * opened the next time.
     */
    public LedgerBuilder onFinding(Consumer<RunFinding> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** Tells this listener of findings of one kind only; otherwise as {@link #onFinding(Consumer)}. */
    public LedgerBuilder onFinding(FindingKind kind, Consumer<RunFinding> listener) {
        return onFinding(finding -> {
            if (finding.finding().kind() == kind) {
                listener.accept(finding);
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

    List<Consumer<RunFinding>> listeners() {
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

    LedgerBuilder opener(JournalOpener other) {
        opener = other;
        return this;
    }

    @Nullable
    LenientArrow lenientArrow() {
        return lenientArrow;
    }

    JournalOpener opener() {
        return opener;
    }

    List<Consumer<LedgerException>> failureListeners() {
        return failureListeners;
    }

    Duration flushInterval() {
        return flushInterval;
    }

    int recorderSteps() {
        return recorderSteps;
    }

    WhenFull whenFull() {
        return whenFull;
    }

    /** Returns where listeners are called, or null for a thread of the ledger. */
    @Nullable
    Executor executor() {
        return executor;
    }

    /** Returns what was asked for so far. */
    @Override
    public String toString() {
        return "LedgerBuilder[" + (directory == null ? "in memory" : directory) + ", profiles " + profiles.keySet()
                + ", recorder of " + recorderSteps + " steps taken in every " + flushInterval + "]";
    }

    /**
     * What one observation of a step can be at most; what is beyond is no measurement. Immutable.
     *
     * @param mostFlop FLOP of a step of which devices or time are not known
     * @param mostTokens tokens of a step
     * @param peakFlopPerSecond the peak rate of one device, in FLOP/s
     * @param factor how many times devices x peak x time the FLOP may be, for clocks and device counts that are a little off
     */
    public record PlausibilityLimits(FlopCount mostFlop, long mostTokens, FlopCount peakFlopPerSecond, int factor) {

        /**
         * The limits without a call: 2e27 FLOP, which a million devices at 2e16 FLOP/s take 28 hours for; 10^15 tokens; and 4 times
         * devices x 2e16 FLOP/s x time, with a peak above the fastest dense one of the device table.
         */
        public static final PlausibilityLimits DEFAULT =
                new PlausibilityLimits(FlopCount.parse("2e27"), 1_000_000_000_000_000L, FlopCount.parse("2e16"), 4);

        /** Checks that every limit is above 0. */
        public PlausibilityLimits {
            Objects.requireNonNull(mostFlop, "mostFlop");
            if (mostFlop.isZero() || mostTokens < 1 || peakFlopPerSecond.isZero() || factor < 1) {
                throw new IllegalArgumentException("limits are " + mostFlop + " FLOP, " + mostTokens + " tokens, "
                        + peakFlopPerSecond + " FLOP/s and " + factor + " times, must all be above 0");
            }
        }
    }
}
