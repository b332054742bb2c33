package org.flopledger.huggingface.description;

/**
 * Something a user should know about how a description was read.
 *
 * @param code what kind of thing
 * @param message one sentence for people
 */
public record DescriptionWarning(Code code, String message) {

    /** Kinds of warnings. Names appear in reports: they may be added to, never changed. */
    public enum Code {
        /** The model type is unknown and was read as a known family. */
        FAMILY_GUESSED,
        /** Fields that decide the size are absent; the defaults of transformers stand in for them. */
        DEFAULTS_USED,
        /** Only a part of the described model was read, such as the language model of a multimodal one. */
        PART_OF_MODEL,
        /** The cost of some layers depends on the implementation and lies inside a stated band. */
        INSIDE_BAND,
        /** Something that costs compute is stated and is not part of the figures. */
        NOT_COUNTED,
        /** A known family states fields that its reading does not know; what they mean is not part of the figures. */
        FIELDS_UNREAD,
        /** The index of the stored weights lies beside the description and cannot be read; nothing was compared with it. */
        INDEX_NOT_READ,
        /** Another file states a number of parameters that differs from the counted one. */
        TOTAL_DIFFERS,
        /** The weights are quantised; parameters are counted as logical values. */
        QUANTISED,
        /** Sequences are asked for that are longer than the positions the description states. */
        LENGTH_ABOVE_CONTEXT,
        /** The description is not understood; what is known of the model is a bound by its parameters. */
        NOT_UNDERSTOOD,
        /** Parameters are known and FLOP are not: what a layer runs on is no count of tokens, or was not measured. */
        FLOP_UNKNOWN
    }
}
