package org.flopledger.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a profile: names of rules, and rules and counting bases of its own. */
final class ProfileReader {

    static final String FORMAT = "flopledger.profile/1";

    private static final Set<String> KEYS = Set.of("format", "id", "formerly", "title", "extends", "bases", "rules");

    private final RuleLibrary library;

    ProfileReader(RuleLibrary library) {
        this.library = library;
    }

    ReviewProfile read(LocatedJson spot) {
        spot.only(KEYS);
        format(spot, FORMAT);
        LocatedJson bases = spot.find("bases");
        if (bases != null) {
            bases.items().forEach(library::addBasis);
        }
        List<LocatedJson> entries = spot.has("rules") ? spot.at("rules").items() : List.of();
        for (LocatedJson entry : entries) {
            if (entry.node().isObject()) {
                library.addRule(entry);
            }
        }
        if (entries.isEmpty() && !spot.has("extends")) {
            throw spot.error("has neither 'rules' nor 'extends', must have one of them");
        }
        ReviewProfile profile =
                new ReviewProfile(spot.at("id").id(), spot.at("title").text(), rules(spot, entries));
        library.addProfile(spot, profile);
        LocatedJson former = spot.find("formerly");
        if (former != null) {
            library.addFormerName(former.id(), profile);
        }
        return profile;
    }

    private List<ReviewRule> rules(LocatedJson spot, List<LocatedJson> entries) {
        List<ReviewRule> rules = new ArrayList<>();
        LocatedJson parent = spot.find("extends");
        if (parent != null) {
            ReviewProfile extended = library.findProfile(parent.id());
            if (extended == null) {
                throw parent.error("profile '" + parent.id() + "' is not known");
            }
            rules.addAll(extended.rules());
        }
        for (LocatedJson entry : entries) {
            String id = entry.node().isObject() ? entry.at("id").id() : entry.id();
            ReviewRule rule = library.findRule(id);
            if (rule == null) {
                throw entry.error("rule '" + id + "' is not known");
            }
            if (rules.contains(rule)) {
                throw entry.error("rule '" + id + "' is in the profile already, must be there once");
            }
            rules.add(rule);
        }
        return rules;
    }

    static void format(LocatedJson spot, String expected) {
        LocatedJson format = spot.at("format");
        if (!format.text().equals(expected)) {
            throw format.error("is '" + MessageText.brief(format.text()) + "', must be '" + expected + "'");
        }
    }
}
