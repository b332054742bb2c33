package org.flopledger.internal.kernel;

/**
 * The lanes of a cell that every row touches: eight of 64 bits, one cache line of 64 bytes.
 *
 * <pre>
 * byte  0      8       16         24       32       40            48          56       64
 *       | rows | tokens | sequences | squared | padding | padding rows | first step | last step |
 * </pre>
 *
 * <p>So a row that goes to a random cell costs one cache miss, not one a column; with a stride of eight no two cells share a
 * line where the array begins on one. The first five lanes hold the low 63 bits of sums; their units of 2^63 lie in the
 * cold lanes of the same number, which are written once in 2^63 and so stay out of the cache.
 */
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
