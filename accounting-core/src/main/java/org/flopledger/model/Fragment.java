package org.flopledger.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Kind;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.jspecify.annotations.Nullable;

/**
 * Operations that belong together, given one by one with what each of them reads: the form for parts of a model that no other
 * type describes.
 *
 * <p>Immutable. Built with {@link #builder}; its numbers are places in the fragment, and {@link #INPUT}, {@link #SOURCE} and
 * {@link #EMBEDDED} stand for what lies outside.
 *
 * @param nodes the operations in the order in which they run
 * @param output the place of the result, or {@link #INPUT} where the input passes unchanged
 */
public record Fragment(List<Node> nodes, int output) {

    /** What the fragment is given to read. */
    public static final int INPUT = -1;

    /** The encoder's output. */
    public static final int SOURCE = -2;

    /** What the first block of the stack reads. */
    public static final int EMBEDDED = -3;

    /** Copies the operations and checks that each reads what came before it. */
    public Fragment {
        nodes = List.copyOf(nodes);
        for (int i = 0; i < nodes.size(); i++) {
            for (int read : nodes.get(i).inputs()) {
                requirePlace(read, i);
            }
        }
        requirePlace(output, nodes.size());
    }

    /**
     * One operation.
     *
     * @param name module name inside the part it stands in; empty for none
     * @param domain what it runs once for, or null for what the part runs once for
     * @param role part of the model it belongs to, or null for that of the part it stands in
     * @param kind what it computes
     * @param inputs places of what it reads
     * @param repeated whether its learned values are those of an earlier operation, counted there
     */
    public record Node(
            String name,
            @Nullable Domain domain,
            @Nullable Role role,
            Kind kind,
            List<Integer> inputs,
            boolean repeated) {

        /** Copies the places. */
        public Node {
            inputs = List.copyOf(inputs);
        }
    }

    /** Returns a builder of an empty fragment. */
    public static Builder builder() {
        return new Builder();
    }

    boolean readsSource() {
        return nodes.stream().anyMatch(node -> node.inputs().contains(SOURCE));
    }

    /** Adds the operations and returns the one that holds the result. */
    int wire(Wiring wiring, int input, int source) {
        int[] added = new int[nodes.size()];
        for (int i = 0; i < added.length; i++) {
            Node node = nodes.get(i);
            int[] inputs = node.inputs().stream()
                    .mapToInt(place -> resolve(wiring, place, input, source, added))
                    .toArray();
            Domain domain = node.domain() == null ? wiring.domain() : node.domain();
            Role role = node.role() == null ? wiring.role() : node.role();
            boolean outer = wiring.repeat(node.repeated());
            added[i] = wiring.addIn(domain, node.name(), role, node.kind(), inputs);
            wiring.endRepeat(outer);
        }
        return resolve(wiring, output, input, source, added);
    }

    private static int resolve(Wiring wiring, int place, int input, int source, int[] added) {
        return switch (place) {
            case INPUT -> input;
            case SOURCE -> source;
            case EMBEDDED -> wiring.embedded();
            default -> added[place];
        };
    }

    private static void requirePlace(int place, int end) {
        if (place < EMBEDDED || place >= end) {
            throw new IllegalArgumentException(
                    "place in a fragment is " + place + ", must be from " + EMBEDDED + " to " + (end - 1));
        }
    }

    /** Builds a {@link Fragment}; every method returns the place of what it adds. Single-threaded. */
    public static final class Builder {
        private final List<Node> nodes = new ArrayList<>();

        private Builder() {}

        /** Adds a linear module with one matrix. */
        public int linear(String name, long in, long out, boolean bias, int input) {
            Require.positive("input width of " + name, in);
            Require.positive("output width of " + name, out);
            return add(name, Matrix.linear(in, out, bias), input);
        }

        /** Adds a norm; without one the input itself is the result. */
        public int norm(String name, @Nullable Norm norm, int input) {
            return norm == null ? input : add(name, new Operation.Elementwise(norm.parameters(), true), input);
        }

        /** Adds learned values that scale or shift without a product; 0 of them change nothing. */
        public int values(String name, long count, int... inputs) {
            Require.notNegative("values of " + name, count);
            return count == 0 ? inputs[0] : add(name, new Operation.Elementwise(count, false), inputs);
        }

        /** Adds an element by element combination. */
        public int join(int... inputs) {
            return add("", new Operation.Join(), inputs);
        }

        /** Adds an operation of the part in which the fragment stands. */
        public int add(String name, Kind kind, int... inputs) {
            return add(name, null, kind, inputs);
        }

        /** Adds an operation of another part of the model. */
        public int add(String name, @Nullable Role role, Kind kind, int... inputs) {
            return addIn(null, name, role, kind, inputs);
        }

        /** Adds an operation that runs once for something else than the part in which the fragment stands. */
        public int addIn(@Nullable Domain domain, String name, @Nullable Role role, Kind kind, int... inputs) {
            return add(new Node(name, domain, role, kind, listed(inputs), false));
        }

        /** Adds another use of the learned values of an earlier place. */
        public int again(int place, int... inputs) {
            Node first = nodes.get(place);
            return add(new Node(first.name(), first.domain(), first.role(), first.kind(), listed(inputs), true));
        }

        /** Adds an operation whose learned values are those of an earlier one of another form. */
        public int addRepeated(@Nullable Domain domain, String name, Kind kind, int... inputs) {
            return add(new Node(name, domain, null, kind, listed(inputs), true));
        }

        private int add(Node node) {
            nodes.add(node);
            return nodes.size() - 1;
        }

        private static List<Integer> listed(int[] inputs) {
            return Arrays.stream(inputs).boxed().toList();
        }

        /** Adds another fragment that reads the place {@code input}. */
        public int include(Fragment other, int input) {
            return include(other, input, false);
        }

        /** Adds another fragment; {@code repeated} if its learned values are those of an equal one before. */
        public int include(Fragment other, int input, boolean repeated) {
            int first = nodes.size();
            for (Node node : other.nodes) {
                List<Integer> inputs = node.inputs().stream()
                        .map(place -> place == INPUT ? input : place < 0 ? place : place + first)
                        .toList();
                add(new Node(
                        node.name(), node.domain(), node.role(), node.kind(), inputs, repeated || node.repeated()));
            }
            return other.output == INPUT ? input : other.output < 0 ? other.output : other.output + first;
        }

        /** Returns the fragment whose result stands at {@code output}. */
        public Fragment build(int output) {
            return new Fragment(nodes, output);
        }
    }
}
