package org.flopledger.model;

import java.util.List;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.flopledger.model.Operation.Table;
import org.jspecify.annotations.Nullable;

/**
 * What turns raw input into the residual stream of a stack: looked-up tokens, or convolutions over patches or sound.
 *
 * <p>Part of a {@link LayerStack}. All kinds are immutable.
 */
public sealed interface Input {

    /** Returns the width of the residual stream. */
    long hidden();

    /** Returns the positions of each sequence if the input has one fixed size, otherwise 0. */
    long fixedLength();

    /** Adds the operations and returns the one that the first block reads; called by the stack it stands in. */
    int wire(Wiring wiring);

    /**
     * Tokens looked up in a table, and what else is computed before the first block, given operation by operation.
     *
     * @param table the table of token vectors
     * @param hidden width of the residual stream
     * @param fragment what is computed of the looked-up vectors
     */
    record Free(Table table, long hidden, Fragment fragment) implements Input {

        /** Checks the dimensions. */
        public Free {
            Require.positive("vocabulary size", table.rows());
            Require.positive("embedding width", table.width());
            Require.positive("hidden size", hidden);
        }

        @Override
        public long fixedLength() {
            return 0;
        }

        @Override
        public int wire(Wiring wiring) {
            return fragment.wire(wiring, wiring.addTokenTable(table), -1);
        }
    }

    /**
     * Tokens looked up in a table.
     *
     * @param vocabulary rows of the table as stored, padding included
     * @param width length of a row
     * @param shared whether the rows are another stack's (T5's decoder), counted there
     * @param positions rows of a learned position table; 0 for rotary, relative or fixed positions
     * @param tokenTypes rows of a token type table (BERT); 0 for none
     * @param relativePositions learned values of a relative position table (T5: buckets x heads); 0 for none
     * @param hidden width of the residual stream; a projection without bias is added where it is not {@code width}
     * @param norm norm after the lookup, or null
     */
    record Tokens(
            long vocabulary,
            long width,
            boolean shared,
            long positions,
            long tokenTypes,
            long relativePositions,
            long hidden,
            @Nullable Norm norm)
            implements Input {

        /** Checks the dimensions. */
        public Tokens {
            Require.positive("vocabulary size", vocabulary);
            Require.positive("embedding width", width);
            Require.notNegative("position embeddings", positions);
            Require.notNegative("token types", tokenTypes);
            Require.notNegative("relative position values", relativePositions);
            Require.positive("hidden size", hidden);
        }

        /** Returns a table as wide as the residual stream and nothing else. */
        public static Tokens of(long vocabulary, long hidden) {
            return new Tokens(vocabulary, hidden, false, 0, 0, 0, hidden, null);
        }

        /** Returns this input with a learned position table as wide as the residual stream. */
        public Tokens withPositions(long rows) {
            return new Tokens(vocabulary, width, shared, rows, tokenTypes, relativePositions, hidden, norm);
        }

        @Override
        public long fixedLength() {
            return 0;
        }

        @Override
        public int wire(Wiring wiring) {
            int words = shared ? wiring.reuseTokenTable() : wiring.addTokenTable(new Table(vocabulary, width));
            int stream = width == hidden ? words : wiring.add("project_in", Matrix.linear(width, hidden, false), words);
            stream = table(wiring, "embed_positions", positions, stream);
            stream = table(wiring, "token_type_embeddings", tokenTypes, stream);
            if (relativePositions > 0) {
                wiring.add("relative_attention_bias", Role.INPUT_EMBEDDING, new Table(relativePositions, 1));
            }
            return wiring.norm("embed_norm", norm, stream);
        }

        private int table(Wiring wiring, String name, long rows, int stream) {
            return rows == 0
                    ? stream
                    : wiring.join(stream, wiring.add(name, Role.INPUT_EMBEDDING, new Table(rows, hidden)));
        }
    }

    /**
     * Raw values read by convolutions, such as image patches or a spectrogram.
     *
     * @param convolutions in order; the first reads raw input, which never needs a gradient
     * @param length positions of each sequence that enter the first block, class token included
     * @param learnedValues values of class tokens and of positions kept outside a table (ViT)
     * @param positions rows of a learned position table (Whisper); 0 for none
     * @param norm norm after them, or null
     */
    record Raw(
            List<Convolution> convolutions,
            long length,
            long learnedValues,
            long positions,
            @Nullable Norm norm) implements Input {

        /** Checks the dimensions and copies the convolutions. */
        public Raw {
            convolutions = List.copyOf(convolutions);
            if (convolutions.isEmpty()) {
                throw new IllegalArgumentException("convolutions are absent, must be at least one");
            }
            Require.positive("positions of a sequence", length);
            Require.notNegative("learned input values", learnedValues);
            Require.notNegative("position embeddings", positions);
        }

        @Override
        public long hidden() {
            return convolutions.get(convolutions.size() - 1).out();
        }

        @Override
        public long fixedLength() {
            return length;
        }

        @Override
        public int wire(Wiring wiring) {
            int stream = -1;
            for (int i = 0; i < convolutions.size(); i++) {
                int[] read = stream < 0 ? new int[0] : new int[] {stream};
                stream = wiring.addIn(
                        Operation.Domain.SEQUENCE, "conv" + (i + 1), Role.OTHER, convolutions.get(i), read);
            }
            if (learnedValues > 0) {
                stream = wiring.add("positions", new Operation.Elementwise(learnedValues, false), stream);
            }
            if (positions > 0) {
                stream = wiring.join(
                        stream, wiring.add("embed_positions", Role.INPUT_EMBEDDING, new Table(positions, hidden())));
            }
            return wiring.norm("embed_norm", norm, stream);
        }
    }
}
