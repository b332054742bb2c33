package org.flopledger.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flopledger.model.Operation.Role;
import org.jspecify.annotations.Nullable;

/** Collects the operations of a model while its parts describe themselves. Single-threaded. */
final class Wiring {

    private final List<Operation> operations = new ArrayList<>();
    private String prefix = "";
    private int layer = -1;
    private Operation.Domain domain = Operation.Domain.TOKEN;
    private Role role = Role.OTHER;
    private boolean repeated;
    private int tokenTable = -1;
    private int embedded = -1;

    /** Says where the operations that follow belong. */
    void enter(String newPrefix, int newLayer, Operation.Domain newDomain) {
        prefix = newPrefix;
        layer = newLayer;
        domain = newDomain;
    }

    /** Says of which part the operations that follow are. */
    void enter(Role newRole) {
        role = newRole;
    }

    /** Says that the operations that follow use learned values again, and returns whether those before did. */
    boolean repeat(boolean again) {
        boolean outer = repeated;
        repeated |= again;
        return outer;
    }

    /** Says that what {@link #repeat} began is over. */
    void endRepeat(boolean outer) {
        repeated = outer;
    }

    /** Adds the table of token vectors, which later uses of the same rows read. */
    int addTokenTable(Operation.Table table) {
        tokenTable = add("embed_tokens", Role.INPUT_EMBEDDING, table);
        return tokenTable;
    }

    /** Adds another use of the rows of the token table. */
    int reuseTokenTable() {
        return tokenTable < 0 ? join() : join(tokenTable);
    }

    /** Says which operation holds what the first block reads. */
    void embed(int operation) {
        embedded = operation;
    }

    int embedded() {
        return embedded;
    }

    Operation.Domain domain() {
        return domain;
    }

    Role role() {
        return role;
    }

    /** Adds an operation that runs elsewhere than the current domain, such as the keys of cross-attention. */
    int addIn(Operation.Domain where, String name, Role ofRole, Operation.Kind kind, int... inputs) {
        operations.add(new Operation(
                prefix + name,
                layer,
                where,
                ofRole,
                kind,
                Arrays.stream(inputs).boxed().toList(),
                repeated));
        return operations.size() - 1;
    }

    int add(String name, Role ofRole, Operation.Kind kind, int... inputs) {
        return addIn(domain, name, ofRole, kind, inputs);
    }

    int add(String name, Operation.Kind kind, int... inputs) {
        return add(name, role, kind, inputs);
    }

    /** Adds the norm after {@code input}; without a norm the input itself is the result. */
    int norm(String name, @Nullable Norm norm, int input) {
        if (norm == null) {
            return input;
        }
        return add(name, new Operation.Elementwise(norm.parameters(), true, norm.bias() ? norm.width() : 0), input);
    }

    int join(int... inputs) {
        return add("", new Operation.Join(), inputs);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }
}
