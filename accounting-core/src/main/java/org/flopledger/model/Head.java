package org.flopledger.model;

import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.jspecify.annotations.Nullable;

/**
 * What reads the last stack's output: a language model's output matrix, a classifier, a value head.
 *
 * <p>Immutable.
 *
 * @param path conventional module name, such as {@code lm_head}
 * @param hidden width of the residual stream
 * @param transform width of a projection before the output matrix (BERT, a pooler, the narrow embedding of OPT-350M); 0 for
 *     none
 * @param transformBias whether that projection has a bias
 * @param transformNorm norm after that projection, or null
 * @param outputs rows of the output matrix: the vocabulary, or classes; 0 for a transform alone (a pooler)
 * @param bias whether the output has a bias
 * @param tied whether the output matrix is the input embedding's
 * @param eachToken whether it runs for each predicted position, otherwise once for each sequence
 * @param idleValues learned values that no output depends on, such as the second bias of an untied masked-language head
 */
public record Head(
        String path,
        long hidden,
        long transform,
        boolean transformBias,
        @Nullable Norm transformNorm,
        long outputs,
        boolean bias,
        boolean tied,
        boolean eachToken,
        long idleValues) {

    /** Checks the dimensions. */
    public Head {
        Require.positive("hidden size", hidden);
        Require.notNegative("head transform width", transform);
        Require.notNegative("head outputs", outputs);
        Require.notNegative("idle values", idleValues);
        if (transform == 0 && outputs == 0) {
            throw new IllegalArgumentException("head outputs is 0, must be >= 1 where there is no transform");
        }
    }

    /** Makes a head whose transform, if there is one, has a bias. */
    public Head(
            String path,
            long hidden,
            long transform,
            @Nullable Norm transformNorm,
            long outputs,
            boolean bias,
            boolean tied,
            boolean eachToken) {
        this(path, hidden, transform, true, transformNorm, outputs, bias, tied, eachToken, 0);
    }

    /** Makes a head without idle values. */
    public Head(
            String path,
            long hidden,
            long transform,
            boolean transformBias,
            @Nullable Norm transformNorm,
            long outputs,
            boolean bias,
            boolean tied,
            boolean eachToken) {
        this(path, hidden, transform, transformBias, transformNorm, outputs, bias, tied, eachToken, 0);
    }

    /** Returns this head with learned values that no output depends on. */
    public Head withIdleValues(long count) {
        return new Head(path, hidden, transform, transformBias, transformNorm, outputs, bias, tied, eachToken, count);
    }

    /** Returns the output matrix of a language model. */
    public static Head language(long hidden, long vocabulary, boolean tied) {
        return new Head("lm_head", hidden, 0, null, vocabulary, false, tied, true);
    }

    /** Returns a classifier with bias over one position of each sequence. */
    public static Head classifier(long hidden, long classes) {
        return new Head("classifier", hidden, 0, null, classes, true, false, false);
    }

    void wire(Wiring wiring, int input) {
        wiring.enter("", -1, eachToken ? Domain.PREDICTION : Domain.SEQUENCE);
        int read = input;
        if (idleValues > 0) {
            wiring.add(path + ".idle", new Operation.Elementwise(idleValues, false));
        }
        if (transform > 0) {
            read = wiring.add(path + ".transform.dense", Matrix.linear(hidden, transform, transformBias), read);
            read = wiring.norm(path + ".norm", transformNorm, read);
        }
        if (outputs > 0) {
            wiring.add(
                    path,
                    eachToken ? Role.OUTPUT_HEAD : Role.OTHER,
                    new Matrix(transform > 0 ? transform : hidden, outputs, bias, 1, 1, 1, tied, true),
                    read);
        }
    }
}
