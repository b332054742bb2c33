package org.flopledger.huggingface.peft;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.peft.ModuleTree.Entry;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Reach.Rule;
import org.flopledger.model.PeftMethod;
import org.flopledger.model.Treatment;
import org.flopledger.model.Treatment.AddedProduct.Repeat;
import org.flopledger.units.PeftTechnique;

/** Reads the methods that put something learned in front of each sequence: prompt tuning, P-tuning, prefix tuning. */
final class PromptReader {

    private static final long MOST_TOKENS = 1 << 20;

    private PromptReader() {}

    static PeftMethod prompt(Fields fields) {
        return new PeftMethod.PromptTuning(tokens(fields));
    }

    private static long tokens(Fields fields) {
        return fields.sizeUpTo(MOST_TOKENS, "num_virtual_tokens");
    }

    /** P-tuning: a small network turns learned positions into the prompt, once a call (arXiv 2103.10385). */
    static PeftMethod encodedPrompt(Fields fields, BaseModel base, ModuleTree tree, TreatmentPlan plan) {
        long width = base.architecture().main().input().hidden();
        long inner = fields.statedSize("encoder_hidden_size").orElse(width);
        long submodules = base.architecture().encoder() == null ? 1 : 2;
        long positions = Math.multiplyExact(tokens(fields), submodules);
        var network = new Network(new Treatment.Builder().outputGradient(), Repeat.CALL, positions);
        String kind = fields.text("encoder_reparameterization_type");
        if (kind == null || kind.toUpperCase(Locale.ROOT).equals("MLP")) {
            network.layer(width, inner).layer(inner, inner).layer(inner, width);
        } else {
            throw fields.wrong(
                    "encoder_reparameterization_type",
                    ShownValue.of(Objects.requireNonNull(fields.raw("encoder_reparameterization_type"))),
                    "MLP: what a recurrent network costs depends on its implementation");
        }
        Entry table = tree.entries().stream()
                .filter(ModuleTree::isTokenTable)
                .findFirst()
                .orElseThrow(() -> fields.unusable("a prompt needs a model that reads tokens"));
        plan.put(table, network.treatment.build());
        return plan.method(PeftTechnique.PROMPT_TUNING, tokens(fields));
    }

    /** Prefix tuning, with or without the network that makes the prefixes (arXiv 2101.00190). */
    static PeftMethod prefix(Fields fields, BaseModel base) {
        long keys = tokens(fields);
        boolean encoder = base.architecture().encoder() != null;
        long width = 0;
        long layers = 0;
        String first = null;
        Map<String, Treatment> treatments = new HashMap<>();
        boolean projected = fields.flag("prefix_projection");
        for (Operation operation : base.architecture().operations()) {
            if (operation.kind() instanceof Core core && takesPrefix(operation, core, encoder)) {
                width = Math.multiplyExact(core.keyValueHeads(), core.keyWidth());
                layers++;
                first = first == null ? operation.path() : first;
                long values = Math.multiplyExact(core.keyValueHeads(), core.keyWidth() + core.valueWidth());
                var builder = new Treatment.Builder().prefix(keys).outputGradient();
                treatments.put(
                        operation.path(),
                        (projected ? builder : builder.adds(Math.multiplyExact(keys, values))).build());
            }
        }
        if (first == null) {
            throw fields.unusable("prefixes need a model with attention");
        }
        if (projected) {
            long inner = fields.statedSize("encoder_hidden_size").orElse(width);
            var network = new Network(Objects.requireNonNull(treatments.get(first)).toBuilder(), Repeat.SEQUENCE, keys);
            network.layer(width, inner).layer(inner, Math.multiplyExact(2 * layers, width));
            network.treatment.adds(Math.multiplyExact(keys, width));
            treatments.put(first, network.treatment.build());
        }
        return new PeftMethod.ByPath(PeftTechnique.PREFIX_TUNING, treatments, 0);
    }

    /** Of an encoder-decoder only the decoder's own attention takes prefixes. */
    private static boolean takesPrefix(Operation operation, Core core, boolean encoder) {
        boolean decoder = operation.domain() == Domain.TOKEN && core.reach().rule() != Rule.CROSS;
        return !encoder || decoder;
    }

    /** Layers with biases that run over the learned positions. */
    private record Network(Treatment.Builder treatment, Repeat repeat, long positions) {

        /** Adds a layer; what it reads and what it holds is learned. */
        Network layer(long in, long out) {
            treatment.adds(Math.addExact(Math.multiplyExact(in, out), out));
            BigInteger each = BigInteger.valueOf(positions)
                    .multiply(BigInteger.valueOf(in))
                    .multiply(BigInteger.valueOf(out));
            treatment.product(new Treatment.AddedProduct(repeat, each, 2, false));
            return this;
        }
    }
}
