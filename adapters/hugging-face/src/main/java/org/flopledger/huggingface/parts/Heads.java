package org.flopledger.huggingface.parts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Head;

/** Reads what stands on top of a decoder, by the class that {@code architectures} names. */
public final class Heads {

    private Heads() {}

    /** Returns the output matrix of a language model, or the classifier or nothing that is stated in its place. */
    public static List<Head> of(Fields fields, Toggle bias) {
        return of(fields, bias, Toggle.field("tie_word_embeddings"));
    }

    /** As {@link #of(Fields, Toggle)}, where something else says whether the output matrix is the embedding's. */
    public static List<Head> of(Fields fields, Toggle bias, Toggle tied) {
        long hidden = fields.size(Spellings.HIDDEN);
        String built = builtClass(fields);
        if (built.endsWith("ForSequenceClassification")) {
            return List.of(new Head("score", hidden, 0, null, labels(fields), false, false, true));
        }
        if (built.endsWith("Model") && !built.contains("LMHead")) {
            return List.of();
        }
        return List.of(new Head(
                "lm_head", hidden, 0, null, fields.size(Spellings.VOCABULARY), bias.in(fields), tied.in(fields), true));
    }

    /** Returns the first class in {@code architectures}, or an empty text. */
    public static String builtClass(Fields fields) {
        List<String> classes = fields.texts("architectures");
        return classes == null || classes.isEmpty() ? "" : classes.get(0);
    }

    /** Returns the number of classes: stated, or as many as have a label, or transformers' 2. */
    public static long labels(Fields fields) {
        if (fields.states("num_labels")) {
            return fields.size("num_labels");
        }
        JsonNode named = fields.raw("id2label");
        return named != null && named.isObject() && !named.isEmpty() ? named.size() : 2;
    }
}
