package org.flopledger.estimation;

import java.math.BigInteger;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.ParameterCount;

/**
 * Parameters multiplied with tokens: the published conventions, with forward 2 and backward 4 for each whatever is trained,
 * and the estimate that knows what is frozen.
 */
final class ParameterFormula {

    private ParameterFormula() {}

    static FourParts parts(
            Convention convention, ParameterCount count, Work attention, Batch batch, TrainingSetting setting) {
        long parameters = parameters(convention, count);
        BigInteger forward = BigInteger.valueOf(parameters).shiftLeft(1).multiply(tokens(convention, batch));
        if (convention == Convention.PALM_MFU) {
            forward = forward.add(attention.of(batch, AttentionPairs.FULL));
        }
        boolean trains = setting.pass() != TrainingSetting.Pass.FORWARD_ONLY;
        boolean compares = setting.pass() == TrainingSetting.Pass.PREFERENCE;
        return new FourParts(
                forward,
                trains ? forward.shiftLeft(1) : BigInteger.ZERO,
                compares ? forward : BigInteger.ZERO,
                BigInteger.ZERO);
    }

    /**
     * Returns 6 N for one token, less the weight gradients of what is frozen: forward 2 and input gradients 2 for each active
     * parameter, weight gradients 2 for each trained one. (The customary estimate for adapters; the exact walk is the
     * ARCHITECTURE figure.)
     */
    static BigInteger eachToken(ParameterCount count, TrainingSetting.Pass pass) {
        BigInteger forward = BigInteger.valueOf(count.active()).shiftLeft(1);
        BigInteger weightGradients =
                BigInteger.valueOf(Math.min(count.trainable(), count.active())).shiftLeft(1);
        BigInteger training = forward.add(forward).add(weightGradients);
        return switch (pass) {
            case FORWARD_ONLY -> forward;
            case TRAINING -> training;
            case PREFERENCE -> training.add(forward);
        };
    }

    private static BigInteger tokens(Convention convention, Batch batch) {
        BigInteger source = batch.positions(Domain.SOURCE_TOKEN);
        // Trainer.floating_point_ops multiplies with the tokens of the first input: the encoder's, where there is one.
        boolean firstInput = convention == Convention.HUGGING_FACE && source.signum() > 0;
        return firstInput ? source : batch.tokens().add(source);
    }

    private static long parameters(Convention convention, ParameterCount count) {
        return switch (convention) {
            case PALM_MFU -> count.activeExcludingEmbeddings() + count.outputHead();
            case SIX_ND -> count.active();
            case SIX_ND_WITHOUT_INPUT_EMBEDDING -> count.activeExcludingInputEmbedding();
            case SIX_ND_WITHOUT_EMBEDDINGS -> count.activeExcludingEmbeddings();
            case SIX_ND_TOTAL -> count.total();
            case HUGGING_FACE -> count.total() - count.inputEmbedding();
            case EXACT, FULL_SQUARE, HALF_SQUARE, MEGATRON ->
                throw new IllegalArgumentException(convention + " counts operations, must be a formula of parameters");
        };
    }
}
