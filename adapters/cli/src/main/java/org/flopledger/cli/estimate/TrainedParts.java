package org.flopledger.cli.estimate;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.AdapterDescription;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what of a model is trained, and what is computed again for it. */
final class TrainedParts {

    @Option(names = "--peft", paramLabel = "FILE", description = "An adapter_config.json, or a folder that holds one.")
    private @Nullable Path peft;

    @Option(
            names = "--trainable",
            paramLabel = "WHAT",
            description =
                    "full: every parameter; peft: what --peft says; norms, biases or head: these alone. Default: peft"
                            + " with --peft, otherwise full.")
    private @Nullable Trainable trainable;

    @Option(
            names = "--freeze",
            paramLabel = "PART",
            split = ",",
            description =
                    "Parts that are frozen, the rest is trained: neighbouring words of a path, such as embed_tokens,"
                            + " layers.0-11, encoder or layers.*.mlp.")
    private List<String> frozen = List.of();

    @Option(
            names = "--train-only",
            paramLabel = "PART",
            split = ",",
            description = "Parts that are trained, the rest is frozen, named as for --freeze.")
    private List<String> trainedOnly = List.of();

    @Option(
            names = "--recompute",
            paramLabel = "WHAT",
            description =
                    "Activations computed again, part of the executed FLOP alone. none; selective: attention scores;"
                            + " full: one more forward of every block (Megatron-LM, torch's reentrant checkpoint);"
                            + " full-early-stop: without a block's last product, as torch's non-reentrant checkpoint."
                            + " Default: ${DEFAULT-VALUE}.")
    private Recompute recompute = Recompute.NONE;

    @Option(
            names = "--input-gradient",
            description = "Compute gradients down to the embedded input although nothing there is trained, as reentrant"
                    + " checkpoints of adapters need.")
    private boolean inputGradient;

    @Option(
            names = "--chunked-head",
            description = "The output head runs in chunks for every position but the last of a sequence and is computed"
                    + " again in the backward pass, as in TRL's SFT trainer.")
    private boolean chunkedHead;

    /** What is computed again. */
    enum Recompute {
        NONE(TrainingSetting.Recomputation.NONE),
        SELECTIVE(TrainingSetting.Recomputation.SELECTIVE),
        FULL(TrainingSetting.Recomputation.FULL_REENTRANT),
        FULL_EARLY_STOP(TrainingSetting.Recomputation.FULL);

        private final TrainingSetting.Recomputation meaning;

        Recompute(TrainingSetting.Recomputation meaning) {
            this.meaning = meaning;
        }

        @Override
        public String toString() {
            return word(this);
        }
    }

    /** What is trained. */
    enum Trainable {
        FULL,
        PEFT,
        NORMS,
        BIASES,
        HEAD;

        @Override
        public String toString() {
            return word(this);
        }
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns what is wrong with the options together, or null. */
    @Nullable
    String contradiction() {
        int said = (trainable == null ? 0 : 1) + (frozen.isEmpty() ? 0 : 1) + (trainedOnly.isEmpty() ? 0 : 1);
        if (trainable == Trainable.PEFT && peft == null) {
            return "--trainable peft needs --peft FILE";
        } else if (said > 1) {
            return "--trainable, --freeze and --train-only each say what is trained: one of them is enough";
        } else if (peft != null && (!frozen.isEmpty() || !trainedOnly.isEmpty())) {
            return "--peft freezes the base model: --freeze and --train-only cannot stand beside it";
        }
        return null;
    }

    /** Returns whether anything but full training was asked for. */
    boolean isStated() {
        return peft != null
                || (trainable != null && trainable != Trainable.FULL)
                || !frozen.isEmpty()
                || !trainedOnly.isEmpty();
    }

    /** Returns the adapter whose file is read, or null. */
    @Nullable
    AdapterDescription adapter() {
        boolean other = trainable != null && trainable != Trainable.PEFT;
        return peft == null || other ? null : AdapterDescription.read(peft);
    }

    /** Returns whether the head runs in chunks. */
    boolean chunkedHead() {
        return chunkedHead;
    }

    /** Returns what is trained where there is no adapter. */
    PeftMethod method() {
        if (!frozen.isEmpty()) {
            return PeftMethod.freezing(frozen.toArray(String[]::new));
        } else if (!trainedOnly.isEmpty()) {
            return PeftMethod.trainingOnly(trainedOnly.toArray(String[]::new));
        } else if (trainable == Trainable.NORMS) {
            return new PeftMethod.NormOnly();
        } else if (trainable == Trainable.BIASES) {
            return new PeftMethod.BiasOnly();
        }
        return trainable == Trainable.HEAD ? new PeftMethod.LinearProbe() : PeftMethod.FULL;
    }

    /** Returns how a model is trained by this method. */
    TrainingSetting setting(PeftMethod method) {
        TrainingSetting setting = TrainingSetting.FULL.with(method).with(recompute.meaning);
        setting = inputGradient ? setting.withInputGradient() : setting;
        return chunkedHead ? setting.withChunkedHead() : setting;
    }
}
