package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.headNorms;
import static org.flopledger.huggingface.parts.AttentionReader.modules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.DotProductAttention.Names;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Operation.DepthwiseConvolution;

/** Reads LFM2: short gated convolutions, and attention in some layers. */
final class Lfm2Reader implements FamilyReader {

    private static final String CONVOLUTION = "conv";

    private static final LayerTypes TYPES = (fields, layers) -> {
        List<Long> full = fields.integers("full_attn_idxs", Spellings.MOST_LAYERS);
        List<String> types = new ArrayList<>();
        for (long layer = 0; layer < layers; layer++) {
            types.add(full == null || full.contains(layer) ? LayerTypes.FULL : CONVOLUTION);
        }
        return types;
    };

    private static final DecoderReader DECODER = DecoderReader.of(
            Lfm2Reader::mixers,
            DenseReader.llama()
                    .withInner(Lfm2Reader::inner)
                    .named("feed_forward.w1", "feed_forward.w3", "feed_forward.w2"));

    @Override
    public Architecture read(String name, Fields fields) {
        return DECODER.read(name, fields);
    }

    private static IntFunction<Mixer> mixers(Fields fields) {
        List<String> types = TYPES.stated(fields, fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS));
        var names = new Names("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj");
        IntFunction<Mixer> attention = Recurrent.stated(
                        (stated, layers) -> LayerTypes.ALL_FULL.of(stated, layers),
                        headNorms(Toggle.ON),
                        modules(names))
                .ignoringStatedTypes()
                .read(fields);
        Mixer convolution = convolution(fields);
        return layer -> types.get(layer).equals(CONVOLUTION) ? convolution : attention.apply(layer);
    }

    private static Mixer convolution(Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        boolean bias = fields.flag("conv_bias");
        var builder = Fragment.builder();
        int projected = builder.linear("conv.in_proj", hidden, 3 * hidden, bias, Fragment.INPUT);
        int convolved = builder.add(
                "conv.conv", new DepthwiseConvolution(hidden, fields.size("conv_L_cache"), bias), projected);
        int gated = builder.join(convolved, projected);
        return Mixer.attention(hidden, builder.build(builder.linear("conv.out_proj", hidden, hidden, bias, gated)));
    }

    /** Two thirds of the stated width, times a factor, rounded up, where the class adjusts it. */
    private static long inner(Fields fields) {
        long stated = fields.size("block_ff_dim", "intermediate_size");
        if (!fields.flag("block_auto_adjust_ff_dim")) {
            return stated;
        }
        long adjusted = 2 * stated / 3;
        var factor = fields.raw("block_ffn_dim_multiplier");
        if (factor != null) {
            adjusted = (long) (factor.asDouble() * adjusted);
        }
        long multiple = fields.size("block_multiple_of");
        return multiple * ((adjusted + multiple - 1) / multiple);
    }
}
