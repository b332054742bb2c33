package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Notes;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.families.Composites;
import org.flopledger.huggingface.families.Family;
import org.flopledger.huggingface.families.Likeness;
import org.flopledger.huggingface.families.Unshaped;
import org.flopledger.huggingface.laws.ParameterLaws;
import org.flopledger.model.Architecture;
import org.flopledger.model.Operation;
import org.flopledger.model.ParameterCount;
import org.jspecify.annotations.Nullable;

/** Reads a whole {@code config.json}: finds the part that describes the language model, its family, and what to warn of. */
final class ConfigReader {

    /** Names under which multimodal models keep the description of their language model. */
    private static final List<String> LANGUAGE_PARTS =
            List.of("text_config", "llm_config", "language_config", "language_model_config", "thinker_config");

    private static final List<String> OTHER_PARTS =
            List.of("vision_config", "audio_config", "visual", "vision_tower_config", "vit_config", "img_processor");

    /** Sizes that a description states together or not at all. */
    private static final List<String[]> CORE = List.of(Spellings.HIDDEN, Spellings.LAYERS, Spellings.HEADS);

    private static final int MOST_NESTED = 3;

    private ConfigReader() {}

    static ModelDescription read(ObjectNode root, String source, String name) {
        var notes = new Notes();
        Fields outer = Fields.of(root, source, notes);
        Fields inner = languagePart(outer, notes);
        boolean nested = inner != outer;
        Likeness.Found found = Likeness.of(inner);
        Family family = found.family();
        // What an unknown model leaves out is not known either.
        Fields fields = inner.over(found.known() ? family.defaults() : JsonNodeFactory.instance.objectNode());
        if (!nested) {
            requireCore(fields, family);
        }
        Architecture architecture = found.known() ? architecture(name, family, fields) : likeness(name, family, fields);
        long depths = predictionDepths(fields, notes);
        judge(fields, found);
        OptionalLong measured = ParameterLaws.covered(root, source);
        String statedType = inner.text("model_type");
        if (!found.known() && measured.isEmpty() && statedType != null && ParameterLaws.isKnown(statedType)) {
            throw Likeness.unproven(fields, family, "the law of that type does not cover what is stated");
        }
        OptionalLong whole = measured.isPresent() || !nested || !isHeadSettled(outer, inner, family)
                ? measured
                : Composites.parameters(
                        outer,
                        ParameterCount.of(architecture).total(),
                        architecture.main().input().hidden());
        if (whole.isPresent()) {
            compare(whole.getAsLong(), architecture, fields, found);
        }
        OptionalLong bits = Quantisation.bits(outer, notes);
        warnOfBands(architecture, notes);
        String type = outer.text("model_type");
        return new ModelDescription(
                name,
                type == null ? "" : type,
                family.name(),
                architecture,
                fields.statedSize(Spellings.POSITIONS),
                bits,
                depths,
                whole,
                notes.warnings());
    }

    /** What the language model says of its head does not count where the whole says nothing and may take it otherwise. */
    private static boolean isHeadSettled(Fields outer, Fields inner, Family family) {
        JsonNode stated = inner.raw("tie_word_embeddings");
        return outer.raw("tie_word_embeddings") != null
                || stated == null
                || stated.booleanValue()
                        == family.defaults().path("tie_word_embeddings").booleanValue();
    }

    /** No precise guess: what a known family leaves unread is warned of, a likeness must have read everything. */
    private static void judge(Fields fields, Likeness.Found found) {
        if (!found.known()) {
            Likeness.prove(fields, found.family());
            return;
        }
        List<String> unread = Unshaped.unreadShapes(fields, true);
        if (!unread.isEmpty()) {
            fields.notes()
                    .warn(
                            Code.FIELDS_UNREAD,
                            "stated and not understood: " + ShownValue.shortened(String.join(", ", unread), 300)
                                    + "; figures hold if they change no layer");
        }
    }

    /** A likeness that holds another number of parameters than the built model is none. */
    private static void compare(long whole, Architecture architecture, Fields fields, Likeness.Found found) {
        long counted = ParameterCount.of(architecture).total();
        boolean part = fields.notes().warnings().stream().anyMatch(warning -> warning.code() == Code.PART_OF_MODEL);
        if (part) {
            fields.notes()
                    .warn(
                            Code.NOT_COUNTED,
                            "the whole model holds " + whole + " parameters, what is counted " + counted
                                    + "; images, video and sound cost more");
        } else if (counted != whole && !found.known()) {
            throw Likeness.unproven(
                    fields, found.family(), "holds " + whole + " parameters where that family holds " + counted);
        } else if (counted != whole) {
            fields.notes()
                    .warn(
                            Code.TOTAL_DIFFERS,
                            "counted " + counted + " parameters, the model that transformers builds holds " + whole);
        }
    }

    /** A fault of what an unknown model is only taken for is told as that. */
    private static Architecture likeness(String name, Family family, Fields fields) {
        try {
            return architecture(name, family, fields);
        } catch (DescriptionException e) {
            throw Likeness.unproven(fields, family, Objects.requireNonNullElse(e.getMessage(), "it cannot be read"));
        }
    }

    /** The model checks what it is given as well; what only it finds must still name the file. */
    private static Architecture architecture(String name, Family family, Fields fields) {
        try {
            return family.reader().read(name, fields);
        } catch (IllegalArgumentException e) {
            throw fields.unusable(Objects.requireNonNullElse(e.getMessage(), "is not a model"));
        }
    }

    private static Fields languagePart(Fields outer, Notes notes) {
        Fields fields = outer;
        for (int depth = 0; depth < MOST_NESTED; depth++) {
            Fields part = nextPart(fields);
            if (part == null) {
                break;
            }
            fields = part;
        }
        boolean nested = fields != outer;
        boolean others = OTHER_PARTS.stream().anyMatch(outer::states);
        if (nested || others) {
            notes.warn(
                    Code.PART_OF_MODEL,
                    "only the language model" + (nested ? " in " + fields.path() : "")
                            + " is counted; vision, audio and projection parts are not");
        }
        return fields;
    }

    private static @Nullable Fields nextPart(Fields fields) {
        for (String name : LANGUAGE_PARTS) {
            Fields part = fields.object(name);
            if (part != null) {
                return part.inheriting(fields, "tie_word_embeddings")
                        .orText("model_type", Likeness.languagePart(fields.text("model_type")));
            }
        }
        return null;
    }

    /**
     * A description on its own that states some of its main sizes states them all; one is missing by mistake. Nested ones and
     * those that state none are the family's base model but for what they state.
     */
    private static void requireCore(Fields fields, Family family) {
        if (CORE.stream().noneMatch(fields::states)) {
            return;
        }
        for (String[] spellings : CORE) {
            for (String name : spellings) {
                if (family.defaults().has(name) && !fields.states(spellings)) {
                    throw fields.missing(name, "stated beside the other sizes");
                }
            }
        }
    }

    private static long predictionDepths(Fields fields, Notes notes) {
        OptionalLong depths = fields.states("num_nextn_predict_layers", "num_mtp_layers")
                ? OptionalLong.of(fields.sizeOrZero("num_nextn_predict_layers", "num_mtp_layers"))
                : OptionalLong.empty();
        if (depths.orElse(0) == 0) {
            return 0;
        }
        notes.warn(
                Code.NOT_COUNTED,
                depths.getAsLong()
                        + " multi-token prediction depth(s) are stated; transformers does not build them and they"
                        + " are not counted unless asked for");
        return depths.getAsLong();
    }

    private static void warnOfBands(Architecture architecture, Notes notes) {
        boolean inside = architecture.operations().stream()
                .map(Operation::kind)
                .anyMatch(kind -> kind instanceof Operation.StateProduct state && state.low() < state.high());
        if (inside) {
            notes.warn(
                    Code.INSIDE_BAND,
                    "the cost of the recurrent layers depends on the implementation: the figure is a named estimate between"
                            + " low and high");
        }
    }
}
