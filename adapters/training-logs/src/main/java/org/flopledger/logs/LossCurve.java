package org.flopledger.logs;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The first training losses of a run by step: two files that agree in them tell the same training.
 *
 * <p>Losses are compared to three digits, since trainers round what they write. Confined to one thread.
 */
public final class LossCurve {

    private static final int MOST_POINTS = 256;
    private static final int FEWEST_IN_COMMON = 3;
    private static final double TOLERANCE = 1e-3;

    private final Map<Long, Double> losses = new LinkedHashMap<>();

    /** Creates a curve without points. */
    public LossCurve() {}

    /** Adds a loss; the first of a step stays. */
    public void add(long step, double loss) {
        if (losses.size() < MOST_POINTS && Double.isFinite(loss)) {
            losses.putIfAbsent(step, loss);
        }
    }

    /** Adds what another file of the run tells. */
    public void addAll(LossCurve other) {
        other.losses.forEach(this::add);
    }

    /** Returns how many losses are known. */
    public int size() {
        return losses.size();
    }

    /** Returns whether no loss is known. */
    public boolean isEmpty() {
        return losses.isEmpty();
    }

    /** Returns the losses in their order, counted from 1, for a file that does not number their steps. */
    public LossCurve inOrder() {
        var ordered = new LossCurve();
        losses.values().forEach(loss -> ordered.add(ordered.losses.size() + 1L, loss));
        return ordered;
    }

    /** How two curves relate. */
    public enum Likeness {
        /** They tell the same training. */
        SAME,
        /** They tell different ones. */
        DIFFERENT,
        /** They have too little in common to tell. */
        OPEN
    }

    /** Returns whether another curve is that of the same training. */
    public Likeness compare(LossCurve other) {
        int common = 0;
        int equal = 0;
        for (Map.Entry<Long, Double> point : losses.entrySet()) {
            Double theirs = other.losses.get(point.getKey());
            if (theirs != null) {
                common++;
                double size = Math.max(Math.abs(theirs), Math.abs(point.getValue()));
                equal += Math.abs(theirs - point.getValue()) <= TOLERANCE * Math.max(size, TOLERANCE) ? 1 : 0;
            }
        }
        int fewest = Math.min(FEWEST_IN_COMMON, Math.min(losses.size(), other.losses.size()));
        if (common < Math.max(1, fewest)) {
            return Likeness.OPEN;
        }
        return equal == common ? Likeness.SAME : Likeness.DIFFERENT;
    }
}
