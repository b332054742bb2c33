package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedWork;
import org.flopledger.model.Architecture;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Concludes from what a trainer wrote what it executed: with the model known, a claim is evidence to be inverted, and lengths that
 * nobody tells are bounded. Confined to one thread; usable once.
 */
final class TrainerReading {

    private static final String[] POSITIONS = {
        "max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "n_ctx", "seq_length"
    };

    private final TrainerState state;
    private final TrainerSideFiles side;
    private final HistoryStage kind;
    private final @Nullable BigInteger claim;
    private final @Nullable Long longest;
    private final @Nullable Long parameters;
    private final TrainerCounts counts;
    private final List<LogWarning> warnings = new ArrayList<>();
    private final List<LoggedWork> work;

    /**
     * Reads a state.
     *
     * @param claim what {@code total_flos} says, or null
     */
    TrainerReading(TrainerState state, TrainerSideFiles side, @Nullable LoggedModel model, @Nullable BigInteger claim) {
        this.state = state;
        this.side = side;
        this.kind = HistoryStage.of(state.history().figures());
        this.claim = claim;
        Architecture architecture = model == null ? null : model.architecture();
        this.parameters = model == null || architecture == null
                ? null
                : Long.valueOf(TotalFlos.parameters(architecture, model.method()));
        this.longest = longest();
        boolean sound = architecture != null && isSound(architecture);
        this.counts = new TrainerCounts(state, side, kind, sound ? null : parameters, longest, claim);
        this.work = architecture == null || model == null ? List.of() : work(architecture, model);
    }

    /** Returns the longest sequence that the model's positions and the trainer's arguments allow, or null. */
    private @Nullable Long longest() {
        Long length = side.arguments().whole("max_length");
        return Stream.of(
                        side.configured(POSITIONS),
                        kind == HistoryStage.PLAIN || kind == HistoryStage.REWARDS || length == null || length == 0
                                ? null
                                : length)
                .filter(value -> value != null)
                .min(Long::compare)
                .orElse(null);
    }

    /** Returns whether the main input is no tokens but frames of a fixed number, as of Whisper. */
    private static boolean isSound(Architecture architecture) {
        return architecture.encoder() != null && architecture.encoder().input().fixedLength() > 0;
    }

    private List<LoggedWork> work(Architecture architecture, LoggedModel trained) {
        TrainerSettings settings = TrainerSettings.of(architecture, trained.method(), side.arguments(), kind);
        if (isSound(architecture)) {
            return soundWork(architecture, settings);
        }
        Long tokens = counts.tokens();
        Long sequences = counts.sequences();
        if (tokens == null || sequences == null || tokens < 1) {
            // A run that has not ended tells neither its accumulation nor its processes.
            return List.of();
        }
        long many = Math.min(tokens, sequences);
        if (architecture.encoder() != null) {
            explain(tokens, "tokens of the encoder, none of the decoder");
            return PairWork.ofSources(architecture, settings, kind.stage(), tokens, many);
        }
        return TrainerWork.of(
                architecture,
                settings,
                side.arguments(),
                state.history().figures(),
                kind,
                tokens,
                many,
                longest,
                counts.isPadded(),
                counts.areEqual(side.savedStates(), parameters, longest));
    }

    /** Every sound is cut or padded to one number of frames, each a column of mel values, all of which are counted as tokens. */
    private List<LoggedWork> soundWork(Architecture architecture, TrainerSettings settings) {
        Long bins = side.configured("num_mel_bins");
        long source = architecture.encoder() == null
                ? 0
                : architecture.encoder().input().fixedLength();
        Long inputs = parameters == null || claim == null ? null : TotalFlos.inputs(claim, parameters);
        Long most = side.configured("max_target_positions");
        Long pairs = counts.sequences();
        if (inputs != null && bins != null) {
            long values = Math.multiplyExact(bins, 2 * source);
            if (inputs % values == 0) {
                pairs = inputs / values;
                explain(inputs, "mel values, " + values + " a sample, taken for tokens");
            }
        }
        return pairs == null || pairs < 1 || most == null
                ? List.of()
                : PairWork.ofFixedSources(architecture, settings, kind.stage(), source, most, pairs);
    }

    private void explain(long inputs, String what) {
        if (claim != null && parameters != null) {
            warnings.add(new LogWarning(
                    LogWarning.Code.CLAIM_EXPLAINED,
                    "total_flos is 6 x " + parameters + " parameters x " + inputs + " " + what
                            + "; it is evidence of the input, not of what ran"));
        }
    }

    /** Says by how much a claim is too high or too low, where it is explained by other things than tokens. */
    void compareClaim() {
        if (claim == null || work.isEmpty() || warnings.isEmpty()) {
            return;
        }
        BigInteger best =
                work.stream().map(each -> each.bounds().best().toBigInteger()).reduce(BigInteger.ZERO, BigInteger::add);
        BigDecimal ratio = new BigDecimal(claim).divide(new BigDecimal(best), new MathContext(3, RoundingMode.HALF_UP));
        if (ratio.compareTo(BigDecimal.valueOf(2)) > 0) {
            warnings.add(new LogWarning(
                    LogWarning.Code.CLAIM_TOO_HIGH,
                    "total_flos is " + ratio.toPlainString() + " times what the layers took"));
        }
    }

    /** Returns what the run did, the training first; empty if too little is known to price it. */
    List<LoggedWork> work() {
        return work;
    }

    /** Returns whether {@code total_flos} was turned back into what it counts. */
    boolean isClaimExplained() {
        return counts.claimed() != null || !warnings.isEmpty();
    }

    Stage stage() {
        return kind.stage();
    }

    /** Returns the tokens that went through the model's main input, or null. */
    @Nullable
    Long tokens() {
        return counts.tokens();
    }

    /** Returns the sequences that were trained on, or null. */
    @Nullable
    Long sequences() {
        return counts.sequences();
    }

    /** Returns the longest sequence that there can be, or null. */
    @Nullable
    Long longestSequence() {
        return longest;
    }

    List<LogWarning> warnings() {
        return warnings;
    }
}
