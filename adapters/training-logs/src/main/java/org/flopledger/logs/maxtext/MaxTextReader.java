package org.flopledger.logs.maxtext;

import java.util.Locale;
import java.util.Set;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.DecoderShape;
import org.flopledger.logs.console.Figures;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.LineFields;
import org.flopledger.logs.console.OneRun;
import org.flopledger.logs.console.Settings;
import org.flopledger.logs.console.StepRow;
import org.flopledger.logs.console.Words;
import org.flopledger.model.Architecture;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log of MaxText, whose configuration is printed before. Steps count from 0, and the first one's seconds hold the
 * compilation. {@code total_weights} are the targets that are no padding, of all devices. Confined to one thread.
 */
final class MaxTextReader extends OneRun {

    private static final Key COMPLETED = Key.of("completed step:");
    private static final Key PARAMETER = Key.of("Config param ");
    private static final Key DEVICES = Key.of("Num_devices:");
    private static final Key EVALUATED = Key.of("eval metrics after step");
    private static final Set<String> WANTED = Set.of(
            ("per_device_batch_size global_batch_size_to_train_on max_target_length decoder_block emb_dim base_emb_dim mlp_dim"
                            + " base_mlp_dim num_decoder_layers base_num_decoder_layers num_query_heads base_num_query_heads"
                            + " num_kv_heads base_num_kv_heads head_dim vocab_size logits_via_embedding num_experts"
                            + " num_experts_per_tok mlp_activations packing dataset_type gradient_accumulation_steps"
                            + " load_parameters_path use_dpo use_sft shared_experts")
                    .split(" "));
    private static final Set<String> PLAIN_BLOCKS = Set.of("llama2", "mistral", "mixtral");
    private static final Words NAMES =
            Words.of("seconds", "TFLOP/s/device", "Tokens/s/device", "total_weights", "loss");
    private static final double TERA = 1e12;
    private static final int LONGEST_VALUE = 200;

    private final Settings settings = new Settings(WANTED);
    private final LineFields fields = new LineFields(',');
    private long devices = -1;
    private long evaluations;
    private boolean modelled;
    private @Nullable Architecture architecture;

    MaxTextReader() {
        super(0);
    }

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        int at = COMPLETED.at(line);
        if (at < 0) {
            return setting(line);
        }
        if (!modelled) {
            modelled = true;
            architecture = architecture();
            rows().keepClaims(architecture == null);
        }
        StepRow row = begin(line, at, COMPLETED.whole(line));
        long length = settings.count("max_target_length");
        long batch = settings.count("global_batch_size_to_train_on");
        rows().batch(batch).sequenceLength(isPacked() ? -1 : length);
        if (isPacked() && batch > 0 && length > 0) {
            row.tokens(batch * length);
        }
        figures(line, at, row, batch < 1);
        commit(line, file);
        return true;
    }

    private void figures(ConsoleLine line, int at, StepRow row, boolean bySpeed) {
        double seconds = Double.NaN;
        double teraflop = Double.NaN;
        double speed = Double.NaN;
        fields.over(line, at + "completed ".length());
        for (int name = fields.next(NAMES); name != Words.NONE; name = fields.next(NAMES)) {
            switch (name) {
                case 0 -> seconds = fields.decimal();
                case 1 -> teraflop = fields.decimal();
                case 2 -> speed = fields.decimal();
                case 4 -> row.loss(fields.decimal());
                default -> {
                    // Weights leave padding out; what ran did not.
                }
            }
        }
        row.seconds(seconds);
        if (devices > 0) {
            row.claimedFlop(teraflop * TERA * seconds * devices);
            if (bySpeed) {
                row.tokens(Figures.wholeOf(speed * seconds * devices));
            }
        }
    }

    private boolean isPacked() {
        // Without a dataset there are no documents; with one they are packed unless the configuration says otherwise.
        return !"synthetic".equals(settings.text("dataset_type")) && settings.isOn("packing", true);
    }

    private boolean setting(ConsoleLine line) {
        int at = PARAMETER.behind(line);
        if (at >= 0) {
            String text = line.text(at, line.to(), LONGEST_VALUE);
            int colon = text.indexOf(':');
            return colon > 0
                    && settings.put(
                            text.substring(0, colon).strip(),
                            text.substring(colon + 1).strip());
        }
        if (DEVICES.in(line)) {
            devices = DEVICES.whole(line);
            return true;
        }
        evaluations += EVALUATED.in(line) ? 1 : 0;
        return false;
    }

    /** A size that was scaled stands beside the one it was scaled from. */
    private long size(String name) {
        return settings.count(name, settings.count("base_" + name));
    }

    private @Nullable Architecture architecture() {
        String block = settings.text("decoder_block");
        String plain = block == null
                ? ""
                : block.replaceFirst("^DecoderBlockType\\.", "").toLowerCase(Locale.ROOT);
        long experts = settings.count("num_experts", 1);
        long active = settings.count("num_experts_per_tok", 0);
        String activations = settings.text("mlp_activations");
        boolean known = PLAIN_BLOCKS.contains(plain)
                && settings.count("shared_experts", 0) == 0
                && (experts == 1 || active > 0);
        if (!known || activations == null) {
            return null;
        }
        return new DecoderShape(
                        size("num_decoder_layers"),
                        size("emb_dim"),
                        size("num_query_heads"),
                        size("num_kv_heads"),
                        settings.count("head_dim", 0),
                        size("mlp_dim"),
                        activations.contains(","),
                        false,
                        DecoderShape.NormShape.RMS,
                        settings.count("vocab_size"),
                        0,
                        settings.isOn("logits_via_embedding"),
                        experts == 1 ? 0 : experts,
                        active)
                .architecture("maxtext");
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        devices(run, devices, null);
        model(run, architecture);
        run.globalBatchSize(settings.count("global_batch_size_to_train_on"))
                .accumulation(settings.count("gradient_accumulation_steps"))
                .longestSequence(settings.count("max_target_length"))
                .stage(
                        settings.isEmpty() || settings.isOn("use_sft") || settings.isOn("use_dpo")
                                ? Stage.UNKNOWN
                                : Stage.PRETRAINING)
                .unknown(Unknown.PADDING)
                .unknown(Unknown.PRIOR);
        if (isPacked()) {
            run.unknown(Unknown.SEQUENCE_LENGTHS);
        }
        if (evaluations > 0) {
            run.unknown(Unknown.EVALUATION);
        }
        if (devices > 0) {
            run.warn(
                    LogWarning.Code.CLAIM_FROM_RATE,
                    "what the trainer reported is MaxText's TFLOP/s/device x seconds x devices, of few digits: 6 x active"
                            + " parameters and attention, without recomputation");
        }
    }
}
