package org.flopledger.logs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds training logs and the files beside them, and reads them.
 *
 * <p>Kinds are told by content, never by file name. Each run is returned once: a log with the same bytes, or with the same
 * benchmark, seed, start and stop, is a duplicate, and checkpoints of one training are one run. Files are streamed; memory grows
 * with the number of runs, not with the size of logs. Nothing that was found is left out silently: see
 * {@link LogCollection#rejections()}.
 *
 * <pre>{@code
 * LogCollection found = TrainingLogs.read(List.of(Path.of("results")), (done, files) -> {});
 * }</pre>
 */
public final class TrainingLogs {

    private final Rejections rejections = new Rejections();
    private final FileReader reader = new FileReader(rejections);
    private final SystemDescriptions systems = new SystemDescriptions(reader);
    private final Benchmarks benchmarks = Benchmarks.builtIn();
    private final BenchmarkModels models = new BenchmarkModels();

    private final List<LoggedRun> runs = new ArrayList<>();
    private final List<DuplicateRun> duplicates = new ArrayList<>();
    private final Map<String, String> idByHash = new HashMap<>();
    private final Map<String, String> idByIdentity = new HashMap<>();
    private final Map<String, Integer> copies = new HashMap<>();
    private final List<TrainerState> states = new ArrayList<>();
    private final List<Path> sideFiles = new ArrayList<>();

    private TrainingLogs() {}

    /**
     * Reads every log below the given files and folders.
     *
     * @param paths files or folders; one that does not exist is a rejection, not a failure
     * @param progress told after each file
     * @return what was found
     */
    public static LogCollection read(List<Path> paths, ReadProgress progress) {
        return new TrainingLogs().readAll(paths, progress);
    }

    private LogCollection readAll(List<Path> paths, ReadProgress progress) {
        List<Path> files = new FileWalk(rejections).below(paths);
        for (int i = 0; i < files.size(); i++) {
            readOne(files.get(i));
            progress.onFile(i + 1, files.size());
        }
        var trainings = new TrainerRuns(reader).group(states);
        runs.addAll(trainings.runs());
        duplicates.addAll(trainings.duplicates());
        rejectUnusedSideFiles();
        runs.sort(Comparator.comparing((LoggedRun run) -> run.sources().get(0)));
        return new LogCollection(runs, duplicates, rejections.toList(), files.size());
    }

    private void readOne(Path file) {
        FileReader.Content content = reader.read(file);
        if (content instanceof FileReader.Content.MlperfLog log) {
            mlperf(file, log);
        } else if (content instanceof FileReader.Content.Document document) {
            document(file, document);
        }
    }

    private void document(Path file, FileReader.Content.Document document) {
        JsonFacts facts = document.facts();
        StepHistory history = facts.history();
        if (facts.isTrainerState() && history != null) {
            states.add(new TrainerState(file, document.hash(), facts, history));
        } else if (facts.isSystemDescription()
                || facts.isAdapter()
                || facts.isModelConfiguration()
                || facts.isTrainResult()) {
            sideFiles.add(file);
        } else {
            rejections.add(facts.unusedBecause(), file);
        }
    }

    private void mlperf(Path file, FileReader.Content.MlperfLog log) {
        MlperfEvidence evidence = log.evidence();
        String name = evidence.benchmark() == null ? "" : evidence.benchmark();
        String id = RunIdentity.mlperf(evidence, log.hash());
        String identity = RunIdentity.text(evidence, log.hash());
        String sameBytes = idByHash.putIfAbsent(log.hash(), id);
        String sameRun = idByIdentity.putIfAbsent(identity, id);
        if (sameBytes != null) {
            duplicate(sameBytes, "the same bytes", file);
        } else if (sameRun != null) {
            duplicate(sameRun, "the same benchmark, seed, start and stop in a file with other bytes", file);
        } else {
            SystemDescriptions.SystemFile system = systems.of(file);
            List<Path> sources = system == null ? List.of(file) : List.of(file, system.file());
            runs.add(new MlperfRunBuilder(evidence, benchmarks.named(name))
                    .build(id, sources, system == null ? null : system.devices(), models, log.lines()));
        }
    }

    private void duplicate(String of, String why, Path file) {
        int copy = copies.merge(of, 2, (known, first) -> known + 1);
        duplicates.add(new DuplicateRun(of + "#" + copy, of, why, List.of(file)));
    }

    private void rejectUnusedSideFiles() {
        Set<Path> used = new HashSet<>();
        runs.forEach(run -> run.sources().forEach(source -> used.add(comparable(source))));
        // A description is used where a repeated log used it too.
        for (DuplicateRun duplicate : duplicates) {
            for (Path source : duplicate.sources()) {
                SystemDescriptions.SystemFile system = systems.of(source);
                if (system != null) {
                    used.add(comparable(system.file()));
                }
            }
        }
        for (Path file : sideFiles) {
            if (!used.contains(comparable(file))) {
                rejections.add(RejectionReason.UNUSED_SIDE_FILE, file);
            }
        }
    }

    private static Path comparable(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
