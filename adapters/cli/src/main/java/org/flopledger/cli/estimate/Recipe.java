package org.flopledger.cli.estimate;

import java.nio.file.Path;
import java.util.List;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.PostTraining;
import org.flopledger.estimation.PostTraining.Rollouts;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.model.Architecture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which post-training method a step belongs to, and what runs in it beside the update. */
final class Recipe {

    @Option(
            names = "--recipe",
            paramLabel = "METHOD",
            description =
                    "What a step is made of: sft; dpo; orpo (also SimPO, CPO); kto; reward; distillation; grpo; ppo."
                            + " Prints each phase of it. The batch counts sequences: both of a pair, every answer.")
    private @Nullable Training method;

    @Option(
            names = "--reference",
            paramLabel = "YES|NO",
            arity = "1",
            description = "Whether a frozen reference model runs. Default: yes for dpo, kto and ppo, no for grpo.")
    private @Nullable Answer reference;

    @Option(
            names = "--answer-length",
            paramLabel = "N",
            description = "Tokens of an answer in grpo and ppo, at the end of each sequence.")
    private @Nullable Long answerLength;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Answers to each prompt in grpo and ppo. Default: ${DEFAULT-VALUE}.")
    private long samples = 1;

    @Option(
            names = "--updates",
            paramLabel = "N",
            description = "How often each answer is trained on in grpo and ppo. Default: ${DEFAULT-VALUE}.")
    private long updates = 1;

    @Option(names = "--prefix-caching", description = "The answers to one prompt share its prefill.")
    private boolean prefixCaching;

    @Option(
            names = "--old-log-probabilities",
            description =
                    "The policy computes its log-probabilities again before it is updated. TRL's GRPO does so with more"
                            + " than one update.")
    private boolean oldLogProbabilities;

    @Option(names = "--teacher", paramLabel = "FILE", description = "config.json of the teacher in distillation.")
    private @Nullable Path teacher;

    @Option(
            names = "--reward-model",
            paramLabel = "FILE",
            description = "config.json of the reward model in ppo. Default: as the policy.")
    private @Nullable Path rewardModel;

    @Option(
            names = "--critic",
            paramLabel = "FILE",
            description = "config.json of the critic in ppo. Default: as the policy.")
    private @Nullable Path critic;

    /** The methods. */
    enum Training {
        SFT,
        DPO,
        ORPO,
        KTO,
        REWARD,
        DISTILLATION,
        GRPO,
        PPO;

        private boolean samples() {
            return this == GRPO || this == PPO;
        }

        private boolean pairs() {
            return this == DPO || this == ORPO || this == REWARD;
        }

        @Override
        public String toString() {
            return TrainedParts.word(this);
        }
    }

    /** Yes or no. */
    enum Answer {
        YES,
        NO;

        @Override
        public String toString() {
            return TrainedParts.word(this);
        }
    }

    boolean isStated() {
        return method != null;
    }

    /** Returns what is wrong with the options together, or null. */
    @Nullable
    String contradiction(long sequences) {
        if (method == null) {
            boolean alone = reference != null || answerLength != null || teacher != null || samples != 1;
            return alone ? "--reference, --answer-length, --samples and --teacher need --recipe" : null;
        } else if (method == Training.DISTILLATION && teacher == null) {
            return "--recipe distillation needs --teacher FILE";
        } else if (method.pairs() && sequences % 2 != 0) {
            return "--batch is " + sequences + ", must be even: --recipe " + method + " takes pairs of sequences";
        } else if (method.samples() && answerLength == null) {
            return "--recipe " + method + " needs --answer-length N";
        } else if (method.samples() && (samples < 1 || sequences % samples != 0)) {
            return "--batch is " + sequences + ", must be a multiple of --samples (" + samples + ")";
        }
        return null;
    }

    /**
     * Returns the phases of a step; none without a recipe.
     *
     * @param batch the sequences of a step
     */
    List<PostTraining.Phase> phases(PostTraining step, Architecture policy, Batch batch, long sequences, long length) {
        if (method == null) {
            return List.of();
        }
        return switch (method) {
            case SFT -> step.fineTuning(batch);
            case DPO -> step.preference(batch, reference != Answer.NO);
            case ORPO -> step.preference(batch, reference == Answer.YES);
            case KTO -> step.unpairedPreference(batch, reference != Answer.NO);
            case REWARD -> step.rewardModel(batch);
            case DISTILLATION -> step.distillation(batch, described(teacher, policy));
            case GRPO -> step.groupRelative(rollouts(sequences, length, reference == Answer.YES));
            case PPO ->
                step.proximal(
                        rollouts(sequences, length, reference != Answer.NO),
                        described(rewardModel, policy),
                        described(critic, policy));
        };
    }

    private Rollouts rollouts(long sequences, long length, boolean withReference) {
        long answer = answerLength == null ? 0 : answerLength;
        if (answer < 1 || answer >= length) {
            throw new IllegalArgumentException(
                    "answer length is " + answer + ", must be from 1 to " + (length - 1) + ", within the sequence");
        }
        return new Rollouts(
                sequences / samples,
                samples,
                length - answer,
                answer,
                prefixCaching,
                withReference,
                oldLogProbabilities,
                updates);
    }

    private static Architecture described(@Nullable Path file, Architecture otherwise) {
        return file == null ? otherwise : ModelDescription.read(file).architecture();
    }
}
