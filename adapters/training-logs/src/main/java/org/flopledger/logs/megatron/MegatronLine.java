package org.flopledger.logs.megatron;

import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.Figures;
import org.flopledger.logs.console.LineFields;
import org.flopledger.logs.console.Stamps;
import org.flopledger.logs.console.StepRow;
import org.flopledger.logs.console.Words;
import org.flopledger.logs.scan.Bytes;

/**
 * Reads the fields of a step line: {@code iteration 10/ 100 | consumed samples: 160 | ... |}. Their order is not fixed, and forks write
 * them with underscores and equal signs. Confined to one thread.
 */
final class MegatronLine {

    static final String MARKER = "iteration";

    private static final byte[] ITERATION = Bytes.ascii(MARKER);
    private static final double MILLIS = 1e-3;
    private static final double TERA = 1e12;

    private static final Words NAMES = Words.of(
            "consumed samples",
            "consumed_samples",
            "consumed tokens",
            "consumed_tokens",
            "elapsed time per iteration (ms)",
            "elapsed_time_per_iteration_ms",
            "elapsed_time_per_iteration (ms)",
            "iteration time",
            "global batch size",
            "global_batch_size",
            "lm loss",
            "lm_loss",
            "loss",
            "throughput per GPU (TFLOP/s/GPU)",
            "TFLOPs",
            "tflops",
            "[LM]TFLOPs",
            "actual seqlen",
            "actual_seqlen",
            "curriculum seqlen",
            "curriculum_seqlen",
            "skipped samples",
            "skipped_samples",
            "number of skipped samples",
            "sequence packing",
            "average seqlen per bin",
            "step_time");

    private final LineFields fields = new LineFields('|');
    private long iteration;
    private int begin;
    private int fieldsFrom;

    private long skipped;
    private double teraflopPerSecond;
    private boolean packed;

    /** Finds the step in a line; returns whether it is a step line. */
    boolean find(ConsoleLine line) {
        int at = line.find(ITERATION);
        while (at >= 0) {
            if (isStep(line, at)) {
                return true;
            }
            at = line.find(ITERATION, at + ITERATION.length);
        }
        return false;
    }

    private boolean isStep(ConsoleLine line, int at) {
        int number = at + ITERATION.length;
        int digits = number;
        while (line.at(digits) == ' ' || line.at(digits) == '=') {
            digits++;
        }
        int behind = line.skipDigits(digits);
        if (digits == number || behind == digits || line.at(line.skipBlanks(behind)) != '/') {
            return false;
        }
        int bar = line.skipBlanks(line.skipBlanks(behind) + 1);
        // A number or infinity, and no further: a line of a million such marks is read once.
        while (line.at(bar) == ' ' || Character.isLetterOrDigit(line.at(bar))) {
            bar++;
        }
        // NeMo writes: Training epoch 0, iteration 0/999 | ...
        boolean nemo = line.at(at - 2) == ',';
        iteration = line.whole(digits);
        begin = at;
        fieldsFrom = bar + 1;
        return !nemo && line.at(bar) == '|' && iteration >= 0;
    }

    /** Returns the step that was found. */
    long iteration() {
        return iteration;
    }

    /** Returns where the step line begins, behind labels and times. */
    int begin() {
        return begin;
    }

    /** Returns tera FLOP per second and device by the trainer's own account, or NaN. */
    double teraflopPerSecond() {
        return teraflopPerSecond;
    }

    /** Returns samples that were passed over since the run began. */
    long skipped() {
        return skipped;
    }

    /** Returns whether sequences are packed into bins, so that their lengths differ. */
    boolean isPacked() {
        return packed;
    }

    /** Fills a row with the fields of the line in which a step was found. */
    void read(ConsoleLine line, StepRow row) {
        skipped = 0;
        teraflopPerSecond = Double.NaN;
        packed = false;
        row.micros(Stamps.before(line, begin)).label(line.label());
        fields.over(line, fieldsFrom);
        long soFar = -1;
        double seconds = Double.NaN;
        for (int name = fields.next(NAMES); name != Words.NONE; name = fields.next(NAMES)) {
            switch (name) {
                case 0, 1 -> soFar = fields.whole();
                case 2, 3 -> row.tokensSoFar(exactTokens());
                case 4, 5, 6 -> seconds = MILLIS * fields.decimal();
                case 7, 26 -> seconds = Double.isNaN(seconds) ? fields.decimal() : seconds;
                case 8, 9 -> row.samples(fields.whole());
                case 10, 11, 12 -> row.loss(fields.decimal());
                case 13, 14, 15, 16 -> teraflopPerSecond = fields.decimal();
                case 17, 18, 19, 20 -> row.sequenceLength(fields.whole());
                case 21, 22, 23 -> skipped = Math.max(0, fields.whole());
                case 24, 25 -> packed = true;
                default -> {
                    // Learning rates, norms and other figures that tell no compute.
                }
            }
        }
        row.seconds(seconds).samplesSoFar(soFar < 0 ? soFar : Math.max(0, soFar - skipped));
    }

    /** A count with a suffix, 1.258B, is rounded: it tells the order, and the samples tell the count. */
    private long exactTokens() {
        long plain = fields.whole();
        byte end = fields.valueTo() > fields.valueFrom() ? fields.last() : 0;
        return end >= '0' && end <= '9' ? plain : Figures.NONE;
    }

    /** Returns the FLOP of a step that a rate claims, or NaN. */
    static double claim(double teraflopPerSecond, double seconds, long devices) {
        return devices < 1 ? Double.NaN : teraflopPerSecond * TERA * seconds * devices;
    }
}
