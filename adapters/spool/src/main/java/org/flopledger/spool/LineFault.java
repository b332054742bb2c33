package org.flopledger.spool;

/** Why a line was refused, whole. */
public enum LineFault {
    /** It is not one JSON object, or a key is in it twice, or it is nested too deeply. */
    NOT_JSON,
    /** It has more bytes than a line may have. */
    TOO_LONG,
    /** It has another version than is read here. */
    UNKNOWN_VERSION,
    /** A field that every line of its type must have is not there. */
    MISSING_FIELD,
    /** A field is of another JSON type than it must be. */
    WRONG_TYPE,
    /** A number does not fit its field, or a text is longer than it may be. */
    OUT_OF_RANGE,
    /** A word is none of those that its field knows. */
    UNKNOWN_WORD,
    /** A model is described of which nothing could be read. */
    MODEL_NOT_READ,
    /** A run or a model is described otherwise than before; what was said first stays. */
    DESCRIBED_DIFFERENTLY
}
