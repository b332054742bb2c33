package org.flopledger.lineage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * The graph of weight ancestry: which model was made from which, and what each cost by itself.
 *
 * <p>An ancestor reached by several ways counts once: the merge of two fine-tunes of one base adds the base once. The graph
 * has no cycle; building one with a cycle is refused. Immutable and thread-safe.
 *
 * <p>Built by anyone who fine-tunes, merges or distils models that others or they themselves trained.
 */
public final class Lineage {

    /**
     * One model.
     *
     * @param name unique within the lineage
     * @param developer who trained it; null if unstated
     * @param compute its own training compute without its ancestors'; null where neither declared nor estimated
     */
    public record Model(
            String name,
            @Nullable String developer,
            @Nullable FlopBounds compute) {
        /** Checks the name. */
        public Model {
            if (name.isBlank()) {
                throw new IllegalArgumentException("model name is blank, must name a model");
            }
        }
    }

    /**
     * One way in which a model was made from another.
     *
     * @param child the model made
     * @param kind how
     * @param parent the model it was made from
     */
    public record Link(String child, Relation kind, String parent) {}

    /**
     * What a model cost together with every model whose weights are in it, each counted once.
     *
     * @param known the sum of what is known
     * @param unknown names of models whose compute is unknown; the sum is a lower bound unless this is empty
     */
    public record Cumulative(FlopBounds known, List<String> unknown) {
        /** Copies the list. */
        public Cumulative {
            unknown = List.copyOf(unknown);
        }
    }

    private final Map<String, Model> models;
    private final Map<String, List<Link>> links;

    private Lineage(Map<String, Model> models, Map<String, List<Link>> links) {
        this.models = models;
        this.links = links;
    }

    /** Returns a builder without a model. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the models by name, in alphabetical order. */
    public List<Model> models() {
        return List.copyOf(models.values());
    }

    /**
     * Returns the model of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Model model(String name) {
        Model model = models.get(name);
        if (model == null) {
            throw new IllegalArgumentException(
                    "model '" + name + "' is not in the lineage, must be one of " + models.keySet());
        }
        return model;
    }

    /** Returns how a model was made from others, in the order given; empty for one trained from scratch. */
    public List<Link> linksOf(String name) {
        model(name);
        return links.getOrDefault(name, List.of());
    }

    /**
     * Returns every ancestor of a model once, in alphabetical order.
     *
     * <p>An ancestor whose weights are in the model on any way is one of weights; one reached only through distillation is a
     * teacher. Whether it is by the same developer is seen from the model asked about.
     */
    public List<Ancestor> ancestorsOf(String name) {
        Model descendant = model(name);
        Set<String> byWeights = reach(name, false);
        Set<String> all = reach(name, true);
        List<Ancestor> ancestors = new ArrayList<>();
        for (String ancestor : new TreeSet<>(all)) {
            Model model = model(ancestor);
            ancestors.add(new Ancestor(
                    ancestor,
                    byWeights.contains(ancestor) ? Ancestor.Role.WEIGHTS : Ancestor.Role.TEACHER,
                    developer(descendant, model),
                    model.compute()));
        }
        return ancestors;
    }

    private static Ancestor.Developer developer(Model descendant, Model ancestor) {
        if (descendant.developer() == null || ancestor.developer() == null) {
            return Ancestor.Developer.UNSTATED;
        }
        return Objects.equals(descendant.developer(), ancestor.developer())
                ? Ancestor.Developer.SAME
                : Ancestor.Developer.OTHER;
    }

    /** Returns what a model cost together with every model whose weights are in it. */
    public Cumulative cumulative(String name) {
        Set<String> counted = reach(name, false);
        counted.add(name);
        FlopBounds known = FlopBounds.ZERO;
        List<String> unknown = new ArrayList<>();
        for (String each : new TreeSet<>(counted)) {
            FlopBounds compute = model(each).compute();
            if (compute == null) {
                unknown.add(each);
            } else {
                known = known.plus(compute);
            }
        }
        return new Cumulative(known, unknown);
    }

    /** Returns the names reached from a model by links, itself left out; without recursion, so chains may be long. */
    private Set<String> reach(String name, boolean throughTeachers) {
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(name);
        while (!open.isEmpty()) {
            for (Link link : links.getOrDefault(open.remove(), List.of())) {
                if ((throughTeachers || link.kind().carriesWeights()) && reached.add(link.parent())) {
                    open.add(link.parent());
                }
            }
        }
        return reached;
    }

    /** Collects models and links. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Model> models = new TreeMap<>();
        private final Set<Link> links = new LinkedHashSet<>();

        private Builder() {}

        /**
         * Adds a model.
         *
         * @throws IllegalArgumentException if one of that name is there
         */
        public Builder model(Model model) {
            if (models.putIfAbsent(model.name(), model) != null) {
                throw new IllegalArgumentException("model '" + model.name() + "' is given twice, must be given once");
            }
            return this;
        }

        /** Adds that {@code child} was made from {@code parent}; the same link twice is one link. */
        public Builder link(String child, Relation kind, String parent) {
            links.add(new Link(child, kind, parent));
            return this;
        }

        /**
         * Returns the lineage.
         *
         * @throws IllegalArgumentException if a link names a model that is not there, or links form a cycle
         */
        public Lineage build() {
            Map<String, List<Link>> byChild = new LinkedHashMap<>();
            for (Link link : links) {
                requireModel(link, link.child());
                requireModel(link, link.parent());
                byChild.computeIfAbsent(link.child(), unused -> new ArrayList<>())
                        .add(link);
            }
            refuseCycles(byChild);
            Map<String, List<Link>> copied = new HashMap<>();
            byChild.forEach((child, own) -> copied.put(child, List.copyOf(own)));
            return new Lineage(new TreeMap<>(models), copied);
        }

        private void requireModel(Link link, String name) {
            if (!models.containsKey(name)) {
                throw new IllegalArgumentException("link " + link.child() + " " + link.kind() + " " + link.parent()
                        + " names model '" + name + "', which is not in the lineage");
            }
        }

        /** Takes away models whose parents are all taken away; what remains hangs on a cycle. */
        private void refuseCycles(Map<String, List<Link>> byChild) {
            Set<String> remaining = new TreeSet<>(models.keySet());
            boolean shrank = true;
            while (shrank) {
                shrank = remaining.removeIf(name -> byChild.getOrDefault(name, List.of()).stream()
                        .noneMatch(link -> remaining.contains(link.parent())));
            }
            if (!remaining.isEmpty()) {
                throw new IllegalArgumentException("models " + remaining
                        + " descend from themselves or from models that do, a lineage must have no cycle");
            }
        }
    }

    /**
     * How one model's weights came from another model.
     *
     * <p>All kinds but {@link #DISTILLED_FROM} carry weights over, so the ancestor's training compute is in the descendant. A
     * teacher hands over outputs, not weights; rules treat its training apart.
     */
    public enum Relation {
        /** Pre-training went on from these weights. */
        CONTINUED_FROM,
        /** All or most weights were trained further. */
        FINE_TUNED_FROM,
        /** A parameter-efficient method was trained on top of these weights. */
        PEFT_TRAINED_ON,
        /** The weights are one of several that were merged. */
        MERGED_FROM,
        /** The weights are one of several that were averaged. */
        AVERAGED_FROM,
        /** Some weights were copied before training began. */
        INITIALISED_FROM,
        /** Outputs of this model were training targets; no weights were taken over. */
        DISTILLED_FROM;

        /** Returns whether weights, and with them their training compute, are carried over. */
        public boolean carriesWeights() {
            return this != DISTILLED_FROM;
        }
    }
}
