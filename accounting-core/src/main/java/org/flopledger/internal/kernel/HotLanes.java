package org.flopledger.internal.kernel;

/** The lanes of a cell that every row touches: eight, one cache line. */
public final class HotLanes {

    public static final int ROWS = 0;
    public static final int TOKENS = 1;
    public static final int SEQUENCES = 2;
    public static final int SQUARED = 3;
    public static final int PADDING = 4;
    public static final int PADDING_ROWS = 5;
    public static final int FIRST_STEP = 6;
    public static final int LAST_STEP = 7;

    /** Number of hot lanes of a cell. */
    public static final int COUNT = 8;

    private HotLanes() {}
}
