package org.flopledger.review;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a counting basis: a word on every activity. */
final class BasisReader {

    static final String FORMAT = "flopledger.basis/1";

    private static final Set<String> KEYS = Set.of("format", "id", "title", "extends", "activities");
    private static final Set<String> ACTIVITIES =
            Arrays.stream(Activity.values()).map(Activity::name).collect(Collectors.toUnmodifiableSet());

    private BasisReader() {}

    static CountingBasis read(LocatedJson spot) {
        spot.only(KEYS);
        LocatedJson activities = spot.at("activities").only(ACTIVITIES);
        Map<Activity, CountingBasis.Entry> entries = new EnumMap<>(Activity.class);
        for (Activity activity : Activity.values()) {
            LocatedJson entry = activities.find(activity.name());
            if (entry == null) {
                throw activities.error("says nothing of " + activity + ", must have a word on every activity");
            }
            entries.put(activity, entry(entry));
        }
        return new CountingBasis(spot.at("id").id(), spot.at("title").text(), entries);
    }

    private static CountingBasis.Entry entry(LocatedJson spot) {
        spot.only(Set.of("treatment", "counted", "sentence"));
        Assessment.Treatment treatment = spot.at("treatment").oneOf(Assessment.Treatment.class);
        boolean counted = spot.at("counted").flag();
        if (treatment == Assessment.Treatment.MUST && !counted) {
            throw spot.at("counted").error("is false although the treatment is MUST, must be true");
        }
        return new CountingBasis.Entry(treatment, counted, spot.at("sentence").text());
    }
}
