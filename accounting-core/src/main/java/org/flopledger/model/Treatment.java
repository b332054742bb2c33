package org.flopledger.model;

/**
 * What training does with the learned values of one operation.
 *
 * <p>Immutable.
 *
 * @param trained whether the values themselves change
 * @param copied whether they change in a copy beside the frozen original (PEFT's modules to save)
 * @param rank rank of two low-rank factors beside a frozen matrix; 0 for none
 * @param magnitude whether the sum of matrix and factors is rescaled by a learned length for each output (DoRA)
 * @param scaling where a learned vector multiplies the activations (IA3)
 * @param prefix learned keys and values in front of those of each sequence
 */
public record Treatment(boolean trained, boolean copied, long rank, boolean magnitude, Scaling scaling, long prefix) {

    /** Values that do not change. */
    public static final Treatment FROZEN = new Treatment(false, false, 0, false, Scaling.NONE, 0);

    /** Values that change. */
    public static final Treatment TRAINED = new Treatment(true, false, 0, false, Scaling.NONE, 0);

    /** Values that change in a copy. */
    static final Treatment COPIED = new Treatment(true, true, 0, false, Scaling.NONE, 0);

    /** Where a learned vector multiplies activations. */
    public enum Scaling {
        NONE,
        INPUT,
        OUTPUT
    }

    static Treatment lowRank(long rank, boolean magnitude) {
        return new Treatment(false, false, rank, magnitude, Scaling.NONE, 0);
    }

    static Treatment scaled(Scaling scaling) {
        return new Treatment(false, false, 0, false, scaling, 0);
    }

    static Treatment prefixed(long prefix) {
        return new Treatment(false, false, 0, false, Scaling.NONE, prefix);
    }

    /** Returns the learned values that exist only because of the treatment. */
    long added(Operation.Kind kind) {
        long added = copied ? kind.parameters() : 0;
        if (kind instanceof Operation.Matrix matrix) {
            added += copied && matrix.tied() ? matrix.weight() : 0;
            long factors = Math.multiplyExact(rank, matrix.in() + matrix.out()) + (magnitude ? matrix.out() : 0);
            long scales = scaling == Scaling.INPUT ? matrix.in() : scaling == Scaling.OUTPUT ? matrix.out() : 0;
            added = Math.addExact(added, Math.multiplyExact(matrix.copies(), factors + scales));
        } else if (kind instanceof Operation.Table table) {
            added = Math.addExact(added, Math.multiplyExact(rank, table.rows() + table.width()));
        }
        if (kind instanceof Operation.Core core) {
            long each = Math.multiplyExact(core.keyValueHeads(), core.keyWidth() + core.valueWidth());
            added = Math.addExact(added, Math.multiplyExact(prefix, each));
        }
        return added;
    }

    /** Returns the values that change, added ones included. */
    long trainable(Operation.Kind kind) {
        return trained && !copied ? Math.addExact(kind.parameters(), added(kind)) : added(kind);
    }
}
