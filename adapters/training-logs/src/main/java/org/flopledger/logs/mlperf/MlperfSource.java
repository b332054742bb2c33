package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunIdentity;
import org.flopledger.logs.RunTellings;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonFacts;
import org.jspecify.annotations.Nullable;

/** Results of MLPerf training, whose records may stand among any other text, and the descriptions of the systems they ran on. */
public final class MlperfSource implements LogSource<MlperfSource.MlperfLog> {

    private static final byte[] MARKER = Bytes.ascii(":::MLL");

    private final Benchmarks benchmarks = Benchmarks.builtIn();

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public MlperfSource() {}

    /**
     * What one log tells.
     *
     * @param evidence what its records say
     * @param lines its lines with text
     * @param checksum CRC-32C of the log: tells copies from resubmissions, and nothing is decided by it
     */
    record MlperfLog(MlperfEvidence evidence, long lines, long checksum) {}

    @Override
    public LogFormat format() {
        return LogFormat.MLPERF;
    }

    @Override
    public List<byte[]> markers() {
        return List.of(MARKER);
    }

    @Override
    public Recognition recognise(LogHead head) {
        if (head.kind() == FileHead.Kind.JSON) {
            Set<String> names = head.jsonNames();
            boolean system = names.contains("number_of_nodes") && names.contains("accelerators_per_node");
            return system ? Recognition.LIKELY : Recognition.NO;
        }
        return head.kind() != FileHead.Kind.UTF_16 && head.contains(MARKER) ? Recognition.CERTAIN : Recognition.NO;
    }

    @Override
    public @Nullable MlperfLog read(LogFile file) throws IOException {
        if (recognise(file.head()) == Recognition.LIKELY) {
            setSystemAside(file);
            return null;
        }
        var checksum = new CRC32C();
        try (InputStream stream = new CheckedInputStream(file.open(), checksum)) {
            var reader = new MlperfLogReader(file, stream);
            reader.read(new MlperfRecordParser(MlperfEvidence.KEYS, MlperfEvidence.TIMED, MlperfEvidence.METADATA));
            MlperfEvidence evidence = reader.evidence();
            if (evidence.tellsARun()) {
                return new MlperfLog(evidence, reader.lines(), checksum.getValue());
            } else if (evidence.records() > 0) {
                file.refuse(RejectionReason.NO_RUN);
            }
        }
        return null;
    }

    private static void setSystemAside(LogFile file) throws IOException {
        try (JsonParser parser = file.openJson()) {
            if (SystemDescriptions.isDescription(JsonFacts.read(parser, Set.of(), JsonFacts.ArrayReader.NONE))) {
                file.setAside();
            }
        }
    }

    @Override
    public void assemble(List<FilePart<MlperfLog>> parts, LogAssembly assembly) {
        var runs = new Runs(assembly);
        Map<String, List<FilePart<MlperfLog>>> byIdentity = new LinkedHashMap<>();
        for (FilePart<MlperfLog> part : parts) {
            String identity = RunIdentity.text(part.told().evidence());
            byIdentity.computeIfAbsent(identity, key -> new ArrayList<>()).add(part);
        }
        byIdentity.values().forEach(runs::add);
    }

    /** A log and the run it tells. */
    private record Copy(FilePart<MlperfLog> part, LoggedRun run) {}

    /** Makes runs of logs that have been read. */
    private final class Runs {

        private final LogAssembly assembly;
        private final SystemDescriptions systems;
        private final BenchmarkModels models = new BenchmarkModels();

        Runs(LogAssembly assembly) {
            this.assembly = assembly;
            this.systems = new SystemDescriptions(assembly.sideFiles());
        }

        /** Adds the run that logs of one identity tell: of the log that tells most, among equals of the first. */
        void add(List<FilePart<MlperfLog>> copies) {
            var told = new ArrayList<Copy>();
            for (FilePart<MlperfLog> part : copies) {
                LoggedRun run = run(part);
                if (run != null) {
                    told.add(new Copy(part, run));
                }
            }
            Copy kept = null;
            for (Copy copy : told) {
                kept = kept == null || RunTellings.tellsMore(copy.run(), kept.run()) ? copy : kept;
            }
            if (kept != null) {
                add(kept, told);
            }
        }

        private void add(Copy kept, List<Copy> told) {
            LoggedRun run = kept.run();
            for (Copy copy : told) {
                if (!copy.part().file().equals(kept.part().file())) {
                    boolean agree = RunTellings.agree(copy.run(), kept.run());
                    if (!agree) {
                        run = run.with(
                                new LogWarning(
                                        LogWarning.Code.CONFLICT,
                                        "another log with the same benchmark, seed and start contradicts this one: it tells of "
                                                + samples(copy.run()) + " samples, this one of " + samples(kept.run())
                                                + ", in steps of another size or another order; the one with more work counts"));
                    }
                    assembly.addRepeat(
                            kept.run().id(),
                            why(kept, copy, agree),
                            List.of(copy.part().file()));
                    use(copy.part().file());
                }
            }
            assembly.add(run);
        }

        private static String samples(LoggedRun run) {
            return run.progress().samples() == null
                    ? "unknown"
                    : run.progress().samples().toString();
        }

        private @Nullable LoggedRun run(FilePart<MlperfLog> part) {
            MlperfEvidence evidence = part.told().evidence();
            String name = evidence.benchmark() == null ? "" : evidence.benchmark();
            SystemDescriptions.SystemFile system = systems.of(part.file());
            List<Path> sources = system == null ? List.of(part.file()) : List.of(part.file(), system.file());
            var builder = new MlperfRunBuilder(evidence, benchmarks.named(name));
            String atStart = evidence.benchmarkAtStart();
            LoggedRun run = builder.build(
                    RunIdentity.mlperf(evidence, atStart == null ? null : benchmarks.knownName(atStart)),
                    sources,
                    system == null ? null : system.devices(),
                    models,
                    part.told().lines());
            if (run == null) {
                assembly.refuse(part.file(), builder.fault(), evidence.lineOf(MlperfEvidence.PROGRESS));
                use(part.file());
            }
            return run;
        }

        /** A description is used where a log that is not summed used it too. */
        private void use(Path log) {
            SystemDescriptions.SystemFile system = systems.of(log);
            if (system != null) {
                assembly.use(system.file());
            }
        }

        private static String why(Copy kept, Copy copy, boolean agree) {
            boolean same = kept.part().size() == copy.part().size()
                    && kept.part().told().checksum() == copy.part().told().checksum();
            if (same) {
                return "the same bytes";
            }
            if (!agree) {
                return "the same benchmark, seed and start, and it contradicts the log that counts";
            }
            return RunTellings.tellsMore(kept.run(), copy.run())
                    ? "an earlier moment of it: the same benchmark, seed and start"
                    : "the same benchmark, seed and start in a file with other bytes";
        }
    }
}
