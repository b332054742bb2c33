package org.flopledger.otlp;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.otlp.OtlpPoint.Kind;
import org.flopledger.otlp.TelemetryMapping.Meaning;
import org.flopledger.otlp.TelemetryMapping.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What telemetry told of runs, in memory: points in any order and any number of times. Nothing of it is part of a ledger's totals.
 * Thread-safe.
 */
public final class TelemetryBook {

    private static final int MOST_RUNS = 10_000;
    private static final int LONGEST_RUN = 256;

    private final TelemetryMapping mapping;
    private final Map<String, RunTelemetry> runs = new TreeMap<>();
    private long unnamed;

    /** Makes an empty book that reads by a mapping. */
    public TelemetryBook(TelemetryMapping mapping) {
        this.mapping = mapping;
    }

    /** Takes a point. Returns whether its name is known. */
    synchronized boolean take(OtlpPoint point) {
        Meaning meaning = point.kind() == Kind.SPAN ? null : mapping.metrics().get(point.name());
        boolean isStep = point.kind() == Kind.SPAN && mapping.stepSpans().contains(point.name());
        if (meaning == null && !isStep) {
            return false;
        }
        RunTelemetry run = run(first(point, mapping.run()));
        if (run == null) {
            unnamed++;
            return true;
        }
        run.devices(number(first(point, mapping.devices())));
        String rank = first(point, mapping.rank());
        String series = point.name() + "\0" + (rank == null ? "" : rank);
        if (meaning == null) {
            run.span(series, point);
        } else if (isFit(meaning.quantity(), point.kind())) {
            run.metric(meaning.quantity(), series, point, point.value() * meaning.unit());
        }
        return true;
    }

    private static boolean isFit(Quantity quantity, Kind kind) {
        return switch (quantity) {
            case DEVICE_FLOP_RATE, RUN_FLOP_RATE, TOKEN_RATE -> kind == Kind.GAUGE;
            case TOKENS, STEPS, SKIPPED_STEPS -> kind == Kind.SUM;
            case STEP_SECONDS -> kind == Kind.HISTOGRAM;
        };
    }

    private @Nullable RunTelemetry run(@Nullable String name) {
        if (name == null || name.isBlank() || name.length() > LONGEST_RUN) {
            return null;
        }
        RunTelemetry known = runs.get(name);
        if (known == null && runs.size() < MOST_RUNS) {
            known = new RunTelemetry(name);
            runs.put(name, known);
        }
        return known;
    }

    private static @Nullable String first(OtlpPoint point, List<String> names) {
        for (String name : names) {
            String value = point.attributes().get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    /** Returns what is known of each run, by name. */
    public synchronized List<TelemetryFigure> figures() {
        return runs.values().stream().map(RunTelemetry::figure).toList();
    }

    /** Returns how many points name no run, or one too many. */
    public synchronized long unnamed() {
        return unnamed;
    }
}
