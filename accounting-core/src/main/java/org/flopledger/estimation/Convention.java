package org.flopledger.estimation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.flopledger.model.Architecture;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.flopledger.units.FlopCount;

/**
 * What a FLOP figure counts. The first three count operations, the fourth does as Megatron-LM does, the others are formulas
 * of parameters and tokens.
 *
 * <p>Common to all: one multiply-add is 2 FLOP; looking up embeddings, norms, softmax, activations, rotary positions,
 * dropout and the optimizer count 0; recomputation is apart, as executed FLOP.
 *
 * <p>Given to {@link FlopEstimator#estimate(Batch, Convention) an estimator} by anyone who compares with the figure of a paper, a
 * framework or a profiler.
 */
public enum Convention {
    /** Every layer by its own mask, s(s+1)/2 pairs where it is causal; output head and router counted. The default. */
    EXACT("exact", AttentionPairs.EXACT, "each layer's own mask; output head, router and predicted depths counted"),

    /**
     * As an eager implementation multiplies: scores of the whole square, convolutions over padded sequences, and every
     * expert where the implementation computes every expert (Llama 4 in transformers).
     */
    FULL_SQUARE(
            "full-square", AttentionPairs.FULL, "whole square of scores; all that an eager implementation multiplies"),

    /** As {@link #EXACT}, with half the square for causal layers and windows ignored. */
    HALF_SQUARE("half-square", AttentionPairs.HALF_OF_CAUSAL, "half the square of scores; windows ignored"),

    /**
     * As Megatron-LM's num_floating_point_operations: half the square for everything, without router, shared expert gate,
     * head transforms and convolutions, with the norms of latent attention and of predicted depths as if they were matrices.
     */
    MEGATRON(
            "megatron",
            AttentionPairs.HALF,
            "half the square of scores; no router; norms of latent attention as matrices"),

    /** PaLM, appendix B: 6 N + 12 L H Q T for each token, N without lookups; also torchtitan's and nanoGPT's. */
    PALM_MFU("palm-mfu", AttentionPairs.FULL, "6 N + 12 L H Q T; N active, without tables that are only looked up"),

    /** 6 N D with every active parameter, embedding and head included. */
    SIX_ND("6nd", AttentionPairs.FULL, "6 N D; N active, embedding and head included; no attention"),

    /** 6 N D without the input embedding, as gpt-oss counts active parameters. */
    SIX_ND_WITHOUT_INPUT_EMBEDDING(
            "6nd-without-input-embedding",
            AttentionPairs.FULL,
            "6 N D; N active, without input embedding; no attention"),

    /** 6 N D without embedding and head, as MiniMax and GLM count active parameters. */
    SIX_ND_WITHOUT_EMBEDDINGS(
            "6nd-without-embeddings", AttentionPairs.FULL, "6 N D; N active, without embedding and head; no attention"),

    /** 6 N D with every parameter, which reads a mixture of experts as a dense model. */
    SIX_ND_TOTAL("6nd-total", AttentionPairs.FULL, "6 N D; N total, experts read as dense; no attention"),

    /**
     * transformers' Trainer.floating_point_ops, printed as total_flos: 6 times all parameters but embedding tables, adapters
     * included, times the tokens of the first input; whatever is frozen, experts as dense.
     */
    HUGGING_FACE("hugging-face", AttentionPairs.FULL, "6 N D; N total without embedding tables, experts read as dense");

    private static final Pattern MEGATRON_NORMS = Pattern.compile(".*_a_layernorm|mtp\\.\\d+\\.(hnorm|enorm|norm)");

    private final String id;
    private final AttentionPairs pairs;
    private final String description;

    Convention(String id, AttentionPairs pairs, String description) {
        this.id = id;
        this.pairs = pairs;
        this.description = description;
    }

    /** Returns the name used on the command line and in statements, such as {@code full-square}. */
    public String id() {
        return id;
    }

    /** Returns in one line what is counted. */
    public String description() {
        return description;
    }

    /**
     * Returns the convention of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Convention named(String id) {
        for (Convention convention : values()) {
            if (convention.id.equals(id.toLowerCase(Locale.ROOT))) {
                return convention;
            }
        }
        throw new IllegalArgumentException(
                "convention is '" + id + "', must be one of exact, full-square, half-square,"
                        + " megatron, palm-mfu, 6nd, 6nd-without-input-embedding, 6nd-without-embeddings, 6nd-total, hugging-face");
    }

    /** Returns whether the convention counts operations rather than parameters. */
    public boolean countsOperations() {
        return this == EXACT || this == FULL_SQUARE || this == HALF_SQUARE || this == MEGATRON;
    }

    /** Returns whether the figure depends on what is trained; Megatron-LM prices an adapter as full training. */
    boolean seesTrainedParts() {
        return this != MEGATRON;
    }

    AttentionPairs pairs() {
        return pairs;
    }

    /** Returns the copies of a matrix that each token is multiplied with; 0 if the convention leaves it out. */
    long copiesCounted(Operation operation, Matrix matrix) {
        if (this == MEGATRON && isLeftOutByMegatron(operation, matrix)) {
            return 0;
        }
        return this == FULL_SQUARE ? matrix.executed() : matrix.active();
    }

    private static boolean isLeftOutByMegatron(Operation operation, Matrix matrix) {
        boolean gate = operation.role() == Role.SHARED_EXPERT && matrix.out() == 1;
        boolean transform = operation.domain() == Domain.PREDICTION && operation.role() != Role.OUTPUT_HEAD;
        return operation.role() == Role.ROUTER || gate || transform;
    }

    /** Returns whether convolutions run over the padding in front of a sequence as well. */
    boolean countsConvolutionPadding() {
        return this == FULL_SQUARE;
    }

    /** Returns whether depthwise convolutions count. */
    boolean countsDepthwiseConvolutions() {
        return this != MEGATRON;
    }

    /** Returns whether a norm counts one multiply-add a value: those of latent attention and around a predicted depth. */
    boolean countsNorm(Operation operation) {
        return this == MEGATRON && MEGATRON_NORMS.matcher(operation.path()).matches();
    }

    /**
     * Which conventions a reported total agrees with: the formula that wrote it.
     *
     * <p>Immutable.
     *
     * @param convention the convention
     * @param recomputed whether complete recomputation is part of the figure
     * @param figure what the convention gives
     * @param exact whether the report equals it, as an integer or as the nearest double
     * @param deviation (report - figure) / figure
     */
    public record Fingerprint(
            Convention convention, boolean recomputed, FlopCount figure, boolean exact, double deviation) {

        /**
         * Returns the conventions whose figure is the reported one, or rounds or is cut to it at the digits the report has;
         * exact ones first, then by deviation. Empty if none does.
         *
         * <p>A report of few digits agrees with several conventions by chance; all are returned.
         *
         * @param reported the report, with as many digits as were printed: {@code 3.8e25} has two
         * @param architecture the model
         * @param setting how it was trained
         * @param batch every sequence that was trained on
         */
        public static List<Fingerprint> of(
                BigDecimal reported, Architecture architecture, TrainingSetting setting, Batch batch) {
            if (reported.signum() <= 0) {
                throw new IllegalArgumentException("reported FLOP is " + reported + ", must be above 0");
            }
            var estimator = FlopEstimator.of(architecture, setting.with(TrainingSetting.Recomputation.FULL_REENTRANT));
            List<Fingerprint> found = new ArrayList<>();
            for (Convention convention : Convention.values()) {
                StepEstimate estimate = estimator.estimate(batch, convention);
                add(found, reported, convention, false, estimate.model());
                if (!estimate.recomputed().isZero()) {
                    add(found, reported, convention, true, estimate.executed());
                }
            }
            found.sort(Comparator.comparing(Fingerprint::exact)
                    .reversed()
                    .thenComparingDouble(fingerprint -> Math.abs(fingerprint.deviation)));
            return List.copyOf(found);
        }

        private static void add(
                List<Fingerprint> found,
                BigDecimal reported,
                Convention convention,
                boolean recomputed,
                FlopCount figure) {
            var value = new BigDecimal(figure.toBigInteger());
            boolean exact = reported.compareTo(value) == 0 || reported.doubleValue() == value.doubleValue();
            if (exact || roundsTo(reported, value)) {
                double deviation = reported.subtract(value)
                        .divide(value, MathContext.DECIMAL64)
                        .doubleValue();
                found.add(new Fingerprint(convention, recomputed, figure, exact, deviation));
            }
        }

        private static boolean roundsTo(BigDecimal reported, BigDecimal value) {
            return List.of(RoundingMode.HALF_UP, RoundingMode.DOWN).stream()
                    .map(mode -> value.round(new MathContext(reported.precision(), mode)))
                    .anyMatch(rounded -> rounded.compareTo(reported) == 0);
        }
    }
}
