package org.flopledger.logs.megatron;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.LoggedRun.Prior;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleRows;
import org.flopledger.logs.console.Settings;
import org.flopledger.logs.console.StepRow;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.model.Architecture;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Reads one console log of Megatron. A dump of arguments with another model begins another run. Confined to one thread. */
final class MegatronReader extends ConsoleReader {

    private static final byte[] DUMP = Bytes.ascii("- arguments -");
    private static final byte[] LOADED = Bytes.ascii("at iteration ");
    private static final byte[] CHECKPOINT = Bytes.ascii("loaded checkpoint");
    private static final byte[] EVALUATED = Bytes.ascii("validation loss at iteration");
    private static final byte[] DONE = Bytes.ascii("[after training is done]");
    private static final String RATE =
            "what the trainer reported is its TFLOP/s per GPU x time x GPUs, of few digits; Megatron-Core counts no recomputation"
                    + " in it, Megatron-DeepSpeed does";
    private static final List<String> SHAPE =
            List.of("hidden_size", "num_layers", "num_attention_heads", "num_experts", "seq_length", "ffn_hidden_size");

    private final MegatronLine step = new MegatronLine();
    private MegatronArguments arguments = new MegatronArguments();
    private @Nullable MegatronArguments announced;
    private ConsoleRows rows = new ConsoleRows(1);
    private String identity = "";
    private @Nullable Architecture architecture;
    private boolean configured;
    private long length = -1;
    private long devices = -1;
    private boolean claims;
    private boolean uneven;
    private boolean resumed;
    private boolean done;
    private long evaluations;
    private long resumedAt = -1;
    private long begun;

    MegatronReader() {}

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        if (!step.find(line)) {
            return setting(line);
        }
        if (announced != null) {
            take(announced, line);
        }
        if (rows.rows() == 0) {
            identity = identity(line, step.begin());
            begun = line.number();
        }
        if (!configured) {
            configure();
        }
        if (resumedAt >= 0) {
            rows.resumesAfter(resumedAt);
            resumed |= resumedAt > 0;
            resumedAt = -1;
        }
        StepRow row = rows.row(step.iteration());
        step.read(line, row);
        uneven |= step.isPacked();
        if (uneven) {
            // The sequence length is that of a bin: its documents are shorter.
            rows.sequenceLength(-1);
        }
        claim(row);
        if (!rows.add()) {
            reject(line, file);
        }
        return true;
    }

    private void claim(StepRow row) {
        row.claimedFlop(MegatronLine.claim(step.teraflopPerSecond(), row.seconds(), devices));
        claims |= devices > 0 && step.teraflopPerSecond() > 0;
        if (uneven && length > 0 && row.samples() > 0) {
            row.tokens(row.samples() * length);
        }
    }

    private boolean setting(ConsoleLine line) {
        if (line.find(DUMP) >= 0) {
            announced = new MegatronArguments();
            return true;
        }
        int at = line.find(LOADED);
        if (at >= 0 && line.find(CHECKPOINT) >= 0) {
            resumedAt = line.whole(at + LOADED.length);
            return true;
        }
        if (rows.rows() > 0 && line.find(EVALUATED) >= 0) {
            evaluations++;
            return true;
        }
        done |= line.find(DONE) >= 0;
        return (announced == null ? arguments : announced).take(line);
    }

    /** Takes a new dump: that of the same model is a restart, that of another one another run. */
    private void take(MegatronArguments dump, ConsoleLine line) {
        if (rows.rows() > 0 && !shape(arguments).equals(shape(dump))) {
            finish(line.number() - begun);
            rows = new ConsoleRows(1);
            architecture = null;
            evaluations = 0;
            claims = false;
            resumed = false;
            done = false;
            uneven = false;
        }
        arguments = dump;
        announced = null;
        configured = false;
    }

    private static Map<String, String> shape(MegatronArguments arguments) {
        Map<String, String> all = new HashMap<>(arguments.settings().asMap());
        all.keySet().retainAll(SHAPE);
        return all;
    }

    private void configure() {
        configured = true;
        Settings settings = arguments.settings();
        architecture = arguments.architecture();
        uneven = arguments.areSequencesUneven();
        length = settings.count("seq_length");
        devices = arguments.worldSize();
        rows.interval(settings.count("log_interval"))
                .batch(settings.count("global_batch_size"))
                .sequenceLength(uneven ? -1 : length)
                .keepClaims(architecture == null && devices > 0);
    }

    @Override
    protected void end(long lines) {
        finish(lines - Math.max(0, begun - 1));
    }

    private void finish(long lines) {
        RunEvidence.Builder run = RunEvidence.of(identity);
        Settings settings = arguments.settings();
        if (devices > 0) {
            run.worldSize(devices).devices(new Devices(devices, null));
        } else {
            run.unknown(Unknown.DEVICES);
        }
        run.globalBatchSize(settings.count("global_batch_size"))
                .microBatchSize(settings.count("micro_batch_size"))
                .dataParallel(settings.count("data_parallel_size"))
                .longestSequence(length);
        boolean tuned =
                settings.isOn("finetune") || settings.isOn("sft") || settings.text("pretrained_checkpoint") != null;
        run.stage(tuned || settings.isEmpty() ? Stage.UNKNOWN : Stage.PRETRAINING);
        tellPrior(run, tuned);
        tellUnknown(run);
        if (architecture != null) {
            run.model(new LoggedModel(architecture, PeftMethod.FULL, null, null, List.of()), ModelOrigin.LOG);
        }
        if (claims) {
            run.warn(LogWarning.Code.CLAIM_FROM_RATE, RATE);
        }
        if (done) {
            run.status(RunStatus.SUCCESS);
        }
        add(run, rows, lines);
    }

    private void tellPrior(RunEvidence.Builder run, boolean tuned) {
        boolean fresh = rows.madeBefore() == 0
                && !resumed
                && !tuned
                && !arguments.settings().isEmpty();
        if (fresh) {
            run.prior(new Prior(BigInteger.ZERO, true));
        } else {
            run.unknown(Unknown.PRIOR);
        }
    }

    private void tellUnknown(RunEvidence.Builder run) {
        if (architecture == null) {
            run.unknown(Unknown.MODEL);
        }
        if (uneven || length < 1) {
            run.unknown(Unknown.SEQUENCE_LENGTHS);
        }
        if (evaluations > 0) {
            run.unknown(Unknown.EVALUATION);
        }
    }
}
