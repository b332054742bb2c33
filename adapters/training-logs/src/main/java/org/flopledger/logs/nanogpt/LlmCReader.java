package org.flopledger.logs.nanogpt;

import java.math.BigInteger;
import java.util.Set;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LoggedRun.Prior;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.UnknownWord;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.DecoderShape;
import org.flopledger.logs.console.Figures;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;
import org.flopledger.logs.console.Settings;
import org.flopledger.model.Architecture;
import org.flopledger.units.Stage;

/**
 * Reads one log of llm.c, which prints its settings as a table. A loss of nan changes nothing of the compute; a line that is cut before
 * its speed is the last one, and its step was made. Confined to one thread.
 */
final class LlmCReader extends OneRun {

    private static final Key STEP = Key.of("step ");
    private static final Key LOSS = Key.of("loss ");
    private static final Key MILLIS = Key.of(" ms |");
    private static final Key SPEED = Key.of(" tok/s");
    private static final Key VALIDATED = Key.of("val loss ");
    private static final Set<String> WANTED = Set.of(
            "micro batch size B",
            "sequence length T",
            "total batch size",
            "max_sequence_length T",
            "padded_vocab_size Vp",
            "num_layers L",
            "num_heads NH",
            "channels C",
            "num_parameters",
            "num_processes",
            "resume",
            "device");

    private final Settings settings = new Settings(WANTED);
    private long evaluations;

    LlmCReader() {
        super(1);
    }

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        int at = STEP.at(line);
        if (at < 0 || !SPEED.in(line) || !LOSS.in(line)) {
            return setting(line);
        }
        int number = line.skipBlanks(at + "step".length());
        int behind = line.skipDigits(number);
        if (behind == number || line.at(behind) != '/') {
            return false;
        }
        long total = settings.count("total batch size");
        long length = settings.count("sequence length T");
        boolean whole = total > 0 && length > 0 && total % length == 0;
        rows().batch(whole ? total / length : -1).sequenceLength(length);
        begin(line, at, line.whole(number)).tokens(total).seconds(seconds(line)).loss(LOSS.decimal(line));
        commit(line, file);
        return true;
    }

    private static double seconds(ConsoleLine line) {
        int end = MILLIS.at(line);
        int from = end;
        while (from > line.from() && line.at(from - 1) != ' ') {
            from--;
        }
        return end < 0 ? Double.NaN : Figures.decimal(line.bytes(), from, end) / 1e3;
    }

    /** {@code | num_layers L          | 12                    |}. */
    private boolean setting(ConsoleLine line) {
        if (VALIDATED.in(line)) {
            evaluations += rows().rows() > 0 ? 1 : 0;
            return true;
        }
        if (line.at(line.skipBlanks(line.from())) != '|') {
            return false;
        }
        String[] cells = line.text(line.from(), line.to(), 200).split("\\|", 4);
        return cells.length > 2 && settings.put(cells[1].strip(), cells[2].strip());
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        String device = settings.text("device");
        devices(run, settings.count("num_processes"), device == null ? null : UnknownWord.orDevice(device));
        Architecture architecture = DecoderShape.gpt2(
                        settings.count("num_layers L"),
                        settings.count("channels C"),
                        settings.count("num_heads NH"),
                        settings.count("padded_vocab_size Vp"),
                        settings.count("max_sequence_length T"))
                .architecture("gpt2", settings.count("num_parameters"));
        model(run, architecture);
        run.stage(Stage.PRETRAINING)
                .microBatchSize(settings.count("micro batch size B"))
                .longestSequence(settings.count("sequence length T"));
        if (rows().madeBefore() == 0 && settings.count("resume", 0) == 0 && !settings.isEmpty()) {
            run.prior(new Prior(BigInteger.ZERO, true));
        } else {
            run.unknown(Unknown.PRIOR);
        }
        if (settings.count("total batch size") < 1) {
            run.unknown(Unknown.BATCH_SIZE).unknown(Unknown.TOKENS);
        }
        if (evaluations > 0) {
            run.unknown(Unknown.EVALUATION);
        }
    }
}
