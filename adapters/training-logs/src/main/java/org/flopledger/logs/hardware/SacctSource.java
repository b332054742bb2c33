package org.flopledger.logs.hardware;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedEvidence;
import org.flopledger.logs.LoggedEvidence.Figure;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.table.TableReader;
import org.jspecify.annotations.Nullable;

/**
 * Accounts of Slurm as {@code sacct -P} prints them: a row a job, and rows of its steps ({@code .batch}, {@code .extern}, {@code .0}),
 * which tell the same time again and are not added. Devices were reserved, not necessarily used.
 *
 * <p>A job is that of a run whose log is named after it, as Slurm names it: {@code slurm-JOB.out}.
 */
public final class SacctSource implements LogSource<SacctSource.Jobs> {

    private static final LogFormat FORMAT = new LogFormat("sacct");
    private static final Pattern GPUS = Pattern.compile("(?:^|,)gres/gpu=(\\d{1,9})");
    private static final Pattern TYPED_GPUS = Pattern.compile("(?:^|,)(?:gres/)?gpu:[^=,]{1,60}[=:](\\d{1,9})");
    private static final Pattern JOB = Pattern.compile("\\d{1,12}(_\\d{1,9}|\\+\\d{1,9})?");
    private static final Pattern NUMBER_IN_NAME = Pattern.compile("\\d{4,12}(?:_\\d{1,9})?");
    private static final int MOST_JOBS = 500_000;
    private static final long LONGEST_SECONDS = 100L * 366 * 86_400;

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public SacctSource() {}

    /** What a table of jobs tells. */
    public static final class Jobs {

        private final Map<String, long[]> deviceSeconds = new HashMap<>();
        private long jobs;
        private long withDevices;
        private long seconds;
        private long cpuSeconds;
        private long joules;
        private boolean hasJoules;

        private Jobs() {}
    }

    @Override
    public LogFormat format() {
        return FORMAT;
    }

    @Override
    public Turn turn() {
        return Turn.EVIDENCE;
    }

    @Override
    public Recognition recognise(LogHead head) {
        if (head.kind() != FileHead.Kind.TEXT) {
            return Recognition.NO;
        }
        List<String> names = TableReader.firstRow(head);
        boolean job = names.contains("JobID") || names.contains("JobIDRaw");
        boolean time = names.contains("Elapsed") || names.contains("ElapsedRaw") || names.contains("CPUTimeRAW");
        return job && time ? Recognition.CERTAIN : Recognition.NO;
    }

    @Override
    public @Nullable Jobs read(LogFile file) throws IOException {
        var jobs = new Jobs();
        boolean isTable = HeadedRows.read(file, (names, cells) -> row(names, cells, jobs));
        return isTable ? jobs : null;
    }

    private static boolean row(List<String> names, List<String> cells, Jobs jobs) {
        String id = cell(names, cells, "JobID");
        id = id.isEmpty() ? cell(names, cells, "JobIDRaw") : id;
        if (id.indexOf('.') >= 0) {
            return true;
        }
        long seconds = seconds(names, cells);
        if (!JOB.matcher(id).matches() || seconds < 0 || seconds > LONGEST_SECONDS) {
            return false;
        }
        jobs.jobs++;
        long devices = devices(names, cells);
        long cpu = whole(cell(names, cells, "CPUTimeRAW"));
        jobs.cpuSeconds += Math.max(0, cpu);
        long energy = whole(cell(names, cells, "ConsumedEnergyRaw"));
        // 2^32 - 2 and above stand for "not known".
        if (energy > 0 && energy < 4_294_967_294L) {
            jobs.joules += energy;
            jobs.hasJoules = true;
        }
        if (devices > 0) {
            long deviceSeconds = devices * seconds;
            jobs.withDevices++;
            jobs.seconds += deviceSeconds;
            if (jobs.deviceSeconds.size() < MOST_JOBS) {
                jobs.deviceSeconds.merge(id, new long[] {deviceSeconds, devices}, (known, more) ->
                        new long[] {known[0] + more[0], more[1]});
            }
        }
        return true;
    }

    private static long seconds(List<String> names, List<String> cells) {
        long raw = whole(cell(names, cells, "ElapsedRaw"));
        return raw >= 0 ? raw : Cells.seconds(cell(names, cells, "Elapsed"));
    }

    private static long devices(List<String> names, List<String> cells) {
        for (String column : List.of("AllocTRES", "AllocGRES", "ReqTRES", "ReqGRES")) {
            String resources = cell(names, cells, column);
            Matcher all = GPUS.matcher(resources);
            if (all.find()) {
                return Long.parseLong(all.group(1));
            }
            long typed = 0;
            Matcher kind = TYPED_GPUS.matcher(resources);
            while (kind.find()) {
                typed += Long.parseLong(kind.group(1));
            }
            if (typed > 0) {
                return typed;
            }
        }
        return 0;
    }

    private static String cell(List<String> names, List<String> cells, String name) {
        int at = names.indexOf(name);
        return at < 0 ? "" : cells.get(at);
    }

    private static long whole(String text) {
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : -1;
    }

    @Override
    public void assemble(List<FilePart<Jobs>> parts, LogAssembly assembly) {
        for (FilePart<Jobs> part : parts) {
            assembly.add(evidence(part.file(), null, figures(part.told())));
            for (LoggedRun run : assembly.runs()) {
                long[] job = jobOf(run, part.told());
                if (job != null) {
                    assembly.add(evidence(
                            part.file(),
                            run.id(),
                            List.of(figure("devices", "1", job[1]), figure("device-seconds", "s", job[0]))));
                }
            }
        }
    }

    private static LoggedEvidence evidence(Path file, @Nullable String run, List<Figure> figures) {
        return new LoggedEvidence(
                LoggedEvidence.Kind.HARDWARE,
                FORMAT,
                List.of(file),
                run,
                null,
                null,
                figures,
                List.of(new LogWarning(
                        LogWarning.Code.RESERVED,
                        "these devices were reserved for that time, whether or not they worked")));
    }

    private static List<Figure> figures(Jobs jobs) {
        var figures = new ArrayList<Figure>();
        figures.add(figure("jobs", "1", jobs.jobs));
        figures.add(figure("jobs-with-devices", "1", jobs.withDevices));
        figures.add(figure("device-seconds", "s", jobs.seconds));
        figures.add(figure("cpu-seconds", "s", jobs.cpuSeconds));
        if (jobs.hasJoules) {
            figures.add(figure("energy", "J", jobs.joules));
        }
        return figures;
    }

    private static Figure figure(String name, String unit, long value) {
        return new Figure(name, unit, BigDecimal.valueOf(value));
    }

    /** Returns device-seconds and devices of the job that a run's log is named after, or null. */
    private static long @Nullable [] jobOf(LoggedRun run, Jobs jobs) {
        for (Path source : run.sources()) {
            Matcher number = NUMBER_IN_NAME.matcher(String.valueOf(source.getFileName()));
            while (number.find()) {
                long[] job = jobs.deviceSeconds.get(number.group());
                if (job != null) {
                    return job;
                }
            }
        }
        return null;
    }
}
