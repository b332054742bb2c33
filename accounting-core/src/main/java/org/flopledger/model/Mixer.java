package org.flopledger.model;

/** What a block computes between two residual additions. */
public sealed interface Mixer permits AttentionKind, FeedForwardKind {

    /** Returns the width of the residual stream it reads and writes. */
    long hidden();
}
