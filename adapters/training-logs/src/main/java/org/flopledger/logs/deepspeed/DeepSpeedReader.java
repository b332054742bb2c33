package org.flopledger.logs.deepspeed;

import java.util.Set;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.DottedSetting;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;
import org.flopledger.logs.console.Settings;
import org.flopledger.units.Stage;

/**
 * Reads one log of DeepSpeed. A skipped step did its work too, so it counts. Two engines of one process, actor and critic, print the
 * same step each; the run is the first one's. Confined to one thread.
 */
final class DeepSpeedReader extends OneRun {

    private static final Key RANK = Key.of("[Rank ");
    private static final Key STEP = Key.of("] step=");
    private static final Key SKIPPED = Key.of(", skipped=");
    private static final Key GLOBAL = Key.of("/global_step=");
    private static final Key MEGATRON = Key.of("elapsed time per iteration");
    private static final Key PPO = Key.of("|ppo_ep: ");
    private static final Key REWARD = Key.of("***** Evaluating reward");
    private static final Set<String> WANTED = Set.of(
            "train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "steps_per_print");

    private final DottedSetting setting = new DottedSetting();
    private final Settings settings = new Settings(WANTED);
    private Stage stage = Stage.UNKNOWN;
    private long last = -1;
    private long again;

    DeepSpeedReader() {
        super(1);
    }

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        boolean told = RANK.in(line) && SKIPPED.in(line) && STEP.in(line);
        if (told || GLOBAL.in(line)) {
            row(line, file, told);
            return true;
        }
        if (MEGATRON.in(line)) {
            giveUp();
        }
        return other(line);
    }

    private void row(ConsoleLine line, LogFile file, boolean told) {
        long step = told ? STEP.whole(line) : GLOBAL.whole(line);
        boolean same = step == last;
        again += same && told ? 1 : 0;
        if (step == 0 || same) {
            return;
        }
        last = step;
        begin(line, told ? RANK.at(line) : GLOBAL.at(line), step);
        rows().interval(settings.count("steps_per_print")).batch(settings.count("train_batch_size"));
        commit(line, file);
    }

    private boolean other(ConsoleLine line) {
        if (PPO.in(line)) {
            stage = Stage.REINFORCEMENT_LEARNING;
        } else if (REWARD.in(line)) {
            stage = Stage.REWARD_MODEL_TRAINING;
        } else {
            return setting.take(line) && settings.put(setting.name(), setting.value());
        }
        return true;
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        run.stage(stage)
                .globalBatchSize(settings.count("train_batch_size"))
                .microBatchSize(settings.count("train_micro_batch_size_per_gpu"))
                .accumulation(settings.count("gradient_accumulation_steps"))
                .unknown(Unknown.TOKENS)
                .unknown(Unknown.SEQUENCE_LENGTHS)
                .unknown(Unknown.PRIOR);
        devices(run, -1, null);
        model(run, null);
        if (settings.count("train_batch_size") < 1) {
            run.unknown(Unknown.BATCH_SIZE);
        }
        if (stage == Stage.REINFORCEMENT_LEARNING) {
            run.unknown(Unknown.FORWARD_ONLY_WORK);
        }
        if (again > 0) {
            run.warn(
                    LogWarning.Code.SECOND_ENGINE,
                    again + " steps are printed by a second engine too, such as a critic; what it cost is not known");
        }
    }
}
