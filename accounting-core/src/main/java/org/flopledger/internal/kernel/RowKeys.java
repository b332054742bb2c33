package org.flopledger.internal.kernel;

/**
 * Where the four key columns of a batch lie, and for each run of the batch the key and cell seen last.
 *
 * <p>Runs rarely change attempt, stage or model, so one comparison of a packed key with the last one seen replaces a hash
 * look-up. Confined to one fold.
 *
 * <pre>
 * packed key:  63          32 31    24 23           0
 *              |   attempt   |  stage |    model     |     model 2^24 - 1: none
 * </pre>
 *
 * <p>An attempt is never negative, so -1 is no key and marks a run that was not seen yet.
 */
public final class RowKeys {

    /** Most models in one batch: an index and one more value for none fit in 24 bits. */
    public static final int MODEL_LIMIT = (1 << 24) - 1;

    /** The model index that stands for none. */
    public static final int NO_MODEL = MODEL_LIMIT;

    private final long run;
    private final long attempt;
    private final long stage;
    private final long model;
    private final long[] lastKey;
    private final int[] lastCell;

    /**
     * Keeps where the columns are.
     *
     * @param run address of 32-bit run indices
     * @param attempt address of 32-bit attempts, none negative
     * @param stage address of 8-bit stage codes
     * @param model address of 32-bit model indices, or 0 if no row has one
     * @param lastKey packed key last seen, by run index; -1 if none
     * @param lastCell cell of that key, by run index
     */
    public RowKeys(long run, long attempt, long stage, long model, long[] lastKey, int[] lastCell) {
        this.run = run;
        this.attempt = attempt;
        this.stage = stage;
        this.model = model;
        this.lastKey = lastKey;
        this.lastCell = lastCell;
    }

    /** Keeps the cell of a key for the rows of its run to come. */
    public void remember(int runIndex, long key, int cell) {
        lastKey[runIndex] = key;
        lastCell[runIndex] = cell;
    }

    long run() {
        return run;
    }

    long attempt() {
        return attempt;
    }

    long stage() {
        return stage;
    }

    long model() {
        return model;
    }

    long[] lastKey() {
        return lastKey;
    }

    int[] lastCell() {
        return lastCell;
    }

    /** Returns attempt, stage and model in one number: 32, 8 and 24 bits; never -1 for a non-negative attempt. */
    public static long pack(int attempt, int stage, int model) {
        return ((long) attempt << 32) | ((long) (stage & 0xff) << 24) | model;
    }
}
