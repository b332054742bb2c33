package org.flopledger.logs.hardware;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedEvidence;
import org.flopledger.logs.LoggedEvidence.Figure;
import org.jspecify.annotations.Nullable;

/**
 * A format of hardware evidence, one file a piece: only the recognition and the reading are left to write.
 */
abstract class HardwareSource implements LogSource<HardwareSource.Told> {

    private final LogFormat format;

    HardwareSource(String label) {
        this.format = new LogFormat(label);
    }

    /**
     * What one file tells.
     *
     * @param figures what it says
     * @param warnings what to know about it
     * @param start when it begins, or null
     * @param end when it ends, or null
     */
    record Told(
            List<Figure> figures,
            List<LogWarning> warnings,
            @Nullable Instant start,
            @Nullable Instant end) {}

    static Told told(DeviceSamples samples, Clock clock) {
        var warnings = new ArrayList<>(samples.warnings());
        if (clock.isLocal()) {
            warnings.add(new LogWarning(
                    LogWarning.Code.ZONE_UNKNOWN,
                    "the times have no zone, so they cannot be set beside those of a run; durations are exact"));
        }
        return new Told(samples.figures(), warnings, clock.first(), clock.last());
    }

    /** Remembers the first and the last time, where they are instants. */
    static final class Clock {

        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;
        private boolean local;

        /** Takes a time in microseconds since 1970. */
        void see(long micros, boolean hasZone) {
            if (micros == Long.MIN_VALUE) {
                return;
            }
            local |= !hasZone;
            first = Math.min(first, micros);
            last = Math.max(last, micros);
        }

        boolean isLocal() {
            return local;
        }

        @Nullable
        Instant first() {
            return local || last == Long.MIN_VALUE ? null : Instant.EPOCH.plus(first, ChronoUnit.MICROS);
        }

        @Nullable
        Instant last() {
            return local || last == Long.MIN_VALUE ? null : Instant.EPOCH.plus(last, ChronoUnit.MICROS);
        }
    }

    @Override
    public final LogFormat format() {
        return format;
    }

    @Override
    public final Turn turn() {
        return Turn.EVIDENCE;
    }

    @Override
    public void assemble(List<FilePart<Told>> parts, LogAssembly assembly) {
        for (FilePart<Told> part : parts) {
            Told told = part.told();
            EvidenceJoin.add(
                    new LoggedEvidence(
                            LoggedEvidence.Kind.HARDWARE,
                            format,
                            List.of(part.file()),
                            null,
                            told.start(),
                            told.end(),
                            told.figures(),
                            told.warnings()),
                    assembly);
        }
    }
}
