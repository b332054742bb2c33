package org.flopledger.logs.reinforcement;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.logs.console.Words;

/** The names that a trainer gives to the figures of a step. Immutable and thread-safe. */
final class RlNames {

    private final Words words;
    private final List<RlFigure> meanings;

    private RlNames(Words words, List<RlFigure> meanings) {
        this.words = words;
        this.meanings = List.copyOf(meanings);
    }

    /** Returns names, each behind what it means. */
    static Builder builder() {
        return new Builder();
    }

    Words words() {
        return words;
    }

    RlFigure meaning(int word) {
        return meanings.get(word);
    }

    /** Collects names. */
    static final class Builder {

        private final List<String> names = new ArrayList<>();
        private final List<RlFigure> meanings = new ArrayList<>();

        Builder put(RlFigure figure, String... called) {
            for (String name : called) {
                names.add(name);
                meanings.add(figure);
            }
            return this;
        }

        RlNames build() {
            return new RlNames(Words.of(names.toArray(String[]::new)), meanings);
        }
    }
}
