package org.flopledger.logs;

/** How sure a format is that it can read a file, from unsure to sure: the surest reads first. */
public enum Recognition {
    /** The file is of another kind. */
    NO,
    /** It has something of the kind, as other formats have too; reading will tell. */
    POSSIBLE,
    /** It looks like the kind and like no other that is known. */
    LIKELY,
    /** It holds a mark that only this format has. */
    CERTAIN
}
