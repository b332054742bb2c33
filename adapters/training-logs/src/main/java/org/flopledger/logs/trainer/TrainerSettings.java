package org.flopledger.logs.trainer;

import java.util.HashSet;
import java.util.Set;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.logs.metric.TrainerArguments;
import org.flopledger.model.Architecture;
import org.flopledger.model.PeftMethod;

/**
 * How a trainer's model was run: as it most likely was, as little and as much as its files allow. Immutable.
 *
 * @param likely what is quoted
 * @param least the least that may have been trained
 * @param most the most that may have been computed
 */
record TrainerSettings(TrainingSetting likely, TrainingSetting least, TrainingSetting most) {

    /**
     * Returns the settings of a training.
     *
     * <p>Without an adapter's file nothing tells which weights were frozen: as little may have been trained as the upper half of
     * the blocks and the head, of a pair the decoder.
     */
    static TrainerSettings of(
            Architecture architecture, PeftMethod method, TrainerArguments arguments, HistoryStage kind) {
        TrainingSetting likely = TrainingSetting.FULL.with(method).with(recomputation(arguments));
        boolean chunked = arguments.isWord("loss_type", "chunked_nll") || arguments.isOn("use_liger_kernel");
        likely = chunked ? likely.withChunkedHead() : likely;
        TrainingSetting most = likely;
        boolean mayBeChunked = !arguments.has("loss_type") && kind == HistoryStage.DEMONSTRATIONS;
        most = mayBeChunked ? most.withChunkedHead() : most;
        boolean adapted = !(method instanceof PeftMethod.Full);
        if (adapted && likely.recomputation() != TrainingSetting.Recomputation.NONE) {
            // transformers asks for gradients of the input where a frozen model is recomputed.
            most = most.withInputGradient();
        }
        PeftMethod fewest = adapted ? method : upperHalf(architecture);
        return new TrainerSettings(likely, likely.with(fewest).with(TrainingSetting.Recomputation.NONE), most);
    }

    private static PeftMethod upperHalf(Architecture architecture) {
        int main = architecture.main().blocks().size();
        int below = architecture.encoder() == null
                ? 0
                : architecture.encoder().blocks().size();
        Set<Integer> frozen = new HashSet<>();
        for (int layer = 0; layer < (below == 0 ? main / 2 : below); layer++) {
            frozen.add(layer);
        }
        return new PeftMethod.FrozenLayers(frozen, true, false);
    }

    private static TrainingSetting.Recomputation recomputation(TrainerArguments arguments) {
        Boolean on = arguments.flag("gradient_checkpointing");
        if (on == null) {
            return TrainingSetting.Recomputation.UNKNOWN;
        } else if (!on) {
            return TrainingSetting.Recomputation.NONE;
        }
        return arguments.stopsEarly()
                ? TrainingSetting.Recomputation.FULL
                : TrainingSetting.Recomputation.FULL_REENTRANT;
    }
}
