package org.flopledger.logs;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What files tell beside the runs: what devices did, or how a model was evaluated. Immutable.
 *
 * <p>It is attached to a collection and never added to a figure of FLOP: what devices did bounds what a run can have cost, and
 * an evaluation says nothing of it.
 *
 * @param kind what it is about
 * @param format the format it was read from
 * @param sources the files
 * @param run identity of the one run that it can be shown to belong to, or null
 * @param start when it begins, or null where no zone or time is said
 * @param end when it ends, or null
 * @param figures what it says
 * @param warnings what to know about the figures
 */
public record LoggedEvidence(
        Kind kind,
        LogFormat format,
        List<Path> sources,
        @Nullable String run,
        @Nullable Instant start,
        @Nullable Instant end,
        List<Figure> figures,
        List<LogWarning> warnings) {

    /** Copies the lists. */
    public LoggedEvidence {
        sources = List.copyOf(sources);
        figures = List.copyOf(figures);
        warnings = List.copyOf(warnings);
    }

    /** What evidence is about. */
    public enum Kind {
        /** What devices did. */
        HARDWARE,
        /** How a model was evaluated. */
        EVALUATION,
        /** How fast a model answers, as MLPerf inference measures it. */
        INFERENCE;

        /** Returns the name as a report shows it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One figure.
     *
     * @param name what it is, in words of this library: small letters, digits and hyphens
     * @param unit its unit, such as {@code s}, {@code J}, {@code 1}
     * @param value the figure
     */
    public record Figure(String name, String unit, BigDecimal value) {}

    /** Returns a figure by its name, or null. */
    public @Nullable BigDecimal figure(String name) {
        for (Figure figure : figures) {
            if (figure.name().equals(name)) {
                return figure.value();
            }
        }
        return null;
    }

    /** Returns the same evidence as that of a run. */
    public LoggedEvidence of(String identity) {
        return new LoggedEvidence(kind, format, sources, identity, start, end, figures, warnings);
    }
}
