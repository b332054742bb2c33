package org.flopledger.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules, bases and profiles by name, and what one takes over from another.
 *
 * <p>A library may stand on another, as a user's file stands on the shipped catalogue. Confined to one thread while it is
 * filled; only read afterwards.
 */
final class RuleLibrary {

    private final @Nullable RuleLibrary below;
    private final Map<String, LocatedJson> ruleSpots = new LinkedHashMap<>();
    private final Map<String, LocatedJson> basisSpots = new LinkedHashMap<>();
    private final Map<String, ReviewRule> rules = new LinkedHashMap<>();
    private final Map<String, CountingBasis> bases = new LinkedHashMap<>();
    private final Map<String, ReviewProfile> profiles = new LinkedHashMap<>();

    /** Profiles by the name they had before; ledgers and scripts still say it. */
    private final Map<String, ReviewProfile> formerly = new LinkedHashMap<>();

    RuleLibrary(@Nullable RuleLibrary below) {
        this.below = below;
    }

    /** Adds a rule to be read once everything it may refer to is there. */
    void addRule(LocatedJson spot) {
        add(ruleSpots, spot, "rule", findRuleSpot(idOf(spot)));
    }

    /** Adds a counting basis, likewise. */
    void addBasis(LocatedJson spot) {
        add(basisSpots, spot, "basis", findBasisSpot(idOf(spot)));
    }

    private static String idOf(LocatedJson spot) {
        return spot.at("id").id();
    }

    private static void add(
            Map<String, LocatedJson> spots, LocatedJson spot, String what, @Nullable LocatedJson taken) {
        String id = idOf(spot);
        if (taken != null) {
            throw spot.at("id")
                    .error(what + " '" + id + "' exists already in " + taken.source() + ", choose another id");
        }
        spots.put(id, spot);
    }

    void addProfile(LocatedJson spot, ReviewProfile profile) {
        if (findProfile(profile.id()) != null) {
            throw spot.at("id").error("profile '" + profile.id() + "' exists already, choose another id");
        }
        profiles.put(profile.id(), profile);
    }

    void addFormerName(String name, ReviewProfile profile) {
        formerly.put(name, profile);
    }

    @Nullable
    ReviewProfile findProfile(String id) {
        ReviewProfile own = profiles.getOrDefault(id, formerly.get(id));
        return own != null || below == null ? own : below.findProfile(id);
    }

    @Nullable
    ReviewRule findRule(String id) {
        ReviewRule known = rules.get(id);
        if (known != null) {
            return known;
        }
        LocatedJson spot = ruleSpots.get(id);
        if (spot == null) {
            return below == null ? null : below.findRule(id);
        }
        ReviewRule rule = new RuleReader(this::basis).read(checked(merged(spot, true), spot));
        rules.put(id, rule);
        return rule;
    }

    /** Reads every rule added, in the order of addition. */
    List<ReviewRule> allRules() {
        List<ReviewRule> all = new ArrayList<>();
        for (String id : ruleSpots.keySet()) {
            ReviewRule rule = findRule(id);
            if (rule != null) {
                all.add(rule);
            }
        }
        return all;
    }

    List<ReviewProfile> allProfiles() {
        return List.copyOf(profiles.values());
    }

    /** Returns the basis that a place names. */
    CountingBasis basis(LocatedJson name) {
        String id = name.id();
        CountingBasis basis = findBasis(id);
        if (basis == null) {
            throw name.error("counting basis '" + id + "' is not known");
        }
        return basis;
    }

    private @Nullable CountingBasis findBasis(String id) {
        CountingBasis known = bases.get(id);
        if (known != null) {
            return known;
        }
        LocatedJson spot = basisSpots.get(id);
        if (spot == null) {
            return below == null ? null : below.findBasis(id);
        }
        CountingBasis basis = BasisReader.read(merged(spot, false));
        bases.put(id, basis);
        return basis;
    }

    private @Nullable LocatedJson findRuleSpot(String id) {
        LocatedJson own = ruleSpots.get(id);
        return own != null || below == null ? own : below.findRuleSpot(id);
    }

    private @Nullable LocatedJson findBasisSpot(String id) {
        LocatedJson own = basisSpots.get(id);
        return own != null || below == null ? own : below.findBasisSpot(id);
    }

    /** Returns what a file says together with what it takes over, nearest first. */
    private LocatedJson merged(LocatedJson spot, boolean rule) {
        Set<String> seen = new LinkedHashSet<>();
        LocatedJson current = spot;
        ObjectNode result = ((ObjectNode) spot.node()).deepCopy();
        seen.add(idOf(spot));
        while (true) {
            LocatedJson parentName = current.find("extends");
            if (parentName == null) {
                return new LocatedJson(spot.source(), spot.path(), result);
            }
            String id = parentName.id();
            if (!seen.add(id)) {
                throw parentName.error("extends itself: " + String.join(" -> ", seen) + " -> " + id);
            }
            LocatedJson parent = rule ? findRuleSpot(id) : findBasisSpot(id);
            if (parent == null) {
                throw parentName.error((rule ? "rule" : "basis") + " '" + id + "' is not known");
            }
            takeOver(result, (ObjectNode) parent.node());
            current = parent;
        }
    }

    /** Fills in what is not stated. A basis's activities are filled in one by one. */
    private static void takeOver(ObjectNode result, ObjectNode parent) {
        parent.properties().forEach(property -> {
            if (!result.has(property.getKey())) {
                result.set(property.getKey(), property.getValue().deepCopy());
            } else if (property.getKey().equals("activities")
                    && result.get("activities") instanceof ObjectNode own
                    && property.getValue() instanceof ObjectNode inherited) {
                inherited.properties().forEach(activity -> {
                    if (!own.has(activity.getKey())) {
                        own.set(activity.getKey(), activity.getValue().deepCopy());
                    }
                });
            }
        });
    }

    /** A rule that changes what a line is may not borrow the citation of the line it changed. */
    private static LocatedJson checked(LocatedJson merged, LocatedJson own) {
        if (own.has("extends") && own.has("condition") && !own.has("citations")) {
            throw own.error("changes the condition of '" + own.at("extends").id()
                    + "' without 'citations' of its own, must say where the changed condition is written");
        }
        if (own.has("extends") && !own.has("title")) {
            throw own.error("key 'title' is missing: a rule that extends another must not carry its name");
        }
        return merged;
    }
}
