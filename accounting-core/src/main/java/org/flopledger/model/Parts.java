package org.flopledger.model;

import java.util.List;
import java.util.Set;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Kind;
import org.flopledger.model.Operation.Matrix;

/** Recognises parts of a model by what peft would recognise them by. */
final class Parts {

    private Parts() {}

    static boolean isTied(Operation operation) {
        Matrix matrix = operation.matrix();
        return matrix != null && matrix.tied();
    }

    static boolean isHead(Operation operation) {
        boolean outsideBlocks = operation.layer() < 0
                && (operation.domain() == Domain.PREDICTION || operation.domain() == Domain.SEQUENCE);
        return outsideBlocks && !(operation.kind() instanceof Operation.Convolution);
    }

    static boolean isTokenTable(Operation operation) {
        return operation.kind() instanceof Operation.Table && operation.path().endsWith("embed_tokens");
    }

    static boolean isModule(Operation operation) {
        Kind kind = operation.kind();
        return kind instanceof Operation.Table || (kind instanceof Matrix matrix && matrix.module());
    }

    /** Returns whether the path is one of the names or ends with one after a dot. */
    static boolean matches(Operation operation, Set<String> names) {
        String path = operation.path();
        return names.stream().anyMatch(name -> path.equals(name) || path.endsWith("." + name));
    }

    static void requireMatch(String field, Set<String> names, List<Operation> operations) {
        if (operations.stream().noneMatch(operation -> isModule(operation) && matches(operation, names))) {
            throw new IllegalArgumentException(
                    field + " are " + names + ", must match a linear module such as " + example(operations));
        }
    }

    static String example(List<Operation> operations) {
        return operations.stream()
                .filter(Parts::isModule)
                .filter(operation -> operation.layer() == 0)
                .map(Operation::path)
                .findFirst()
                .orElse("lm_head");
    }
}
