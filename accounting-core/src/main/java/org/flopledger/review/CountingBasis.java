package org.flopledger.review;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.FlopBounds;

/**
 * Which activities a rule adds up.
 *
 * @param id the name rule files use
 * @param title one line for a reader
 * @param entries a word on every {@link Activity}
 */
record CountingBasis(String id, String title, Map<Activity, Entry> entries) {

    /**
     * A basis's word on one activity.
     *
     * @param treatment what the text says
     * @param counted whether it is in the sum unless the caller chooses otherwise; always true for MUST
     * @param sentence the words relied on, or why there are none
     */
    record Entry(Assessment.Treatment treatment, boolean counted, String sentence) {

        boolean isCounted(ReviewProfile.Choice choice) {
            return treatment == Assessment.Treatment.MUST
                    || switch (choice) {
                        case AS_RULE -> counted;
                        case LEAVE_OUT -> false;
                        case COUNT -> true;
                    };
        }

        /** Returns the word on work to which two entries speak: the one that asks for less decides. */
        Entry and(Entry other) {
            boolean otherAsksLess = asksLessThan(other.treatment, treatment) || (counted && !other.counted);
            return new Entry(
                    asksLessThan(other.treatment, treatment) ? other.treatment : treatment,
                    counted && other.counted,
                    otherAsksLess ? other.sentence : sentence);
        }

        private static boolean asksLessThan(Assessment.Treatment a, Assessment.Treatment b) {
            return rank(a) < rank(b);
        }

        private static int rank(Assessment.Treatment treatment) {
            return switch (treatment) {
                case MAY -> 0;
                case SILENT -> 1;
                case MUST -> 2;
            };
        }
    }

    CountingBasis {
        entries = Map.copyOf(new EnumMap<>(entries));
        for (Activity activity : Activity.values()) {
            if (!entries.containsKey(activity)) {
                throw new IllegalArgumentException("counting basis '" + id + "' says nothing of " + activity);
            }
        }
    }

    Entry entry(Facts.Line line) {
        Entry stage = entry(Activity.of(line));
        return switch (line.part()) {
            case RETAINED -> stage;
            case DISCARDED -> stage.and(entry(Activity.DISCARDED_STEPS));
            case RECOMPUTED -> stage.and(entry(Activity.RECOMPUTATION));
        };
    }

    Entry entry(Activity activity) {
        Entry entry = entries.get(activity);
        if (entry == null) {
            throw new IllegalStateException("checked when built: " + activity);
        }
        return entry;
    }

    /** Returns the sum of lines and ancestors on this basis; without any line it is not complete. */
    CountedCompute count(Collection<Facts.Line> lines, Collection<Ancestor> ancestors, ReviewProfile.Choice choice) {
        Sum sum = new Sum(id, choice, lines.isEmpty());
        for (Facts.Line line : lines) {
            Entry entry = entry(line);
            sum.add(name(line), entry, line.flop(), line.coverage() >= 1);
        }
        for (Ancestor ancestor : ancestors) {
            Entry entry = entry(Activity.of(ancestor));
            FlopBounds compute = ancestor.compute();
            String name = "ancestor " + ancestor.model() + ": "
                    + Activity.of(ancestor).words();
            if (compute == null) {
                sum.addUnknown(name, entry);
            } else {
                sum.add(name, entry, compute, true);
            }
        }
        return sum.toCount();
    }

    /** Returns what ancestors of known compute contribute. */
    FlopBounds ancestors(Collection<Ancestor> ancestors) {
        FlopBounds sum = FlopBounds.ZERO;
        for (Ancestor ancestor : ancestors) {
            FlopBounds compute = ancestor.compute();
            if (compute != null && entry(Activity.of(ancestor)).isCounted(ReviewProfile.Choice.AS_RULE)) {
                sum = sum.plus(compute);
            }
        }
        return sum;
    }

    private static String name(Facts.Line line) {
        String stage = Activity.of(line).words();
        return switch (line.part()) {
            case RETAINED -> stage;
            case DISCARDED -> stage + ", " + Activity.DISCARDED_STEPS.words();
            case RECOMPUTED -> stage + ", " + Activity.RECOMPUTATION.words();
        };
    }

    /** The running sums of one count. */
    private static final class Sum {

        private final String basis;
        private final ReviewProfile.Choice choice;
        private final List<Assessment.Item> items = new ArrayList<>();
        private FlopBounds counted = FlopBounds.ZERO;
        private FlopBounds least = FlopBounds.ZERO;
        private FlopBounds most = FlopBounds.ZERO;
        private boolean incomplete;
        private boolean basisUnknown;

        Sum(String basis, ReviewProfile.Choice choice, boolean incomplete) {
            this.basis = basis;
            this.choice = choice;
            this.incomplete = incomplete;
        }

        void add(String name, Entry entry, FlopBounds flop, boolean covered) {
            boolean counts = entry.isCounted(choice);
            items.add(new Assessment.Item(name, entry.treatment(), counts, flop, entry.sentence()));
            most = most.plus(flop);
            if (entry.treatment() == Assessment.Treatment.MUST) {
                least = least.plus(flop);
            }
            if (counts) {
                counted = counted.plus(flop);
                incomplete |= !covered;
            }
        }

        void addUnknown(String name, Entry entry) {
            boolean counts = entry.isCounted(choice);
            items.add(new Assessment.Item(name, entry.treatment(), counts, null, entry.sentence()));
            incomplete |= counts;
            basisUnknown |= counts;
        }

        CountedCompute toCount() {
            return new CountedCompute(basis, counted, least, most, !incomplete, basisUnknown, List.copyOf(items));
        }
    }
}
