package org.flopledger.logs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Finds training logs and the files beside them, and reads them.
 *
 * <p>Kinds are told by content, never by file name, by the formats that are on the class path: see {@link LogSource}. Each run is
 * returned once. Files are streamed and read in parallel; what comes out is the same for any number of threads. Memory grows with
 * the number of runs and files, not with the size of logs. Nothing that was found is left out silently: see
 * {@link LogCollection#uses()}.
 *
 * <pre>{@code
 * LogCollection found = TrainingLogs.read(List.of(Path.of("results")), (done, files) -> {});
 * }</pre>
 */
public final class TrainingLogs {

    private TrainingLogs() {}

    /**
     * Reads every log below the given files and folders, on all processors.
     *
     * @param paths files or folders; one that does not exist is a rejection, not a failure
     * @param progress told after each file
     * @return what was found
     */
    public static LogCollection read(List<Path> paths, ReadProgress progress) {
        return read(paths, Runtime.getRuntime().availableProcessors(), progress);
    }

    /**
     * Reads every log below the given files and folders.
     *
     * @param paths files or folders; one that does not exist is a rejection, not a failure
     * @param threads files read at a time, at least 1; the result does not depend on it
     * @param progress told after each file
     * @return what was found
     */
    public static LogCollection read(List<Path> paths, int threads, ReadProgress progress) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
        }
        return read(paths, threads, progress, installedSources(), Declaration.NONE);
    }

    /**
     * Reads every log below the given files and folders, also those of further formats.
     *
     * @param paths files or folders; one that does not exist is a rejection, not a failure
     * @param threads files read at a time, at least 1; the result does not depend on it
     * @param further formats beside those on the class path, such as a table that the user declares; asked first
     * @param progress told after each file
     * @return what was found
     */
    public static LogCollection read(
            List<Path> paths, int threads, List<? extends LogSource<?>> further, ReadProgress progress) {
        return read(paths, threads, further, Declaration.NONE, progress);
    }

    /**
     * Reads every log below the given files and folders, and puts what is declared where their runs lack it.
     *
     * @param paths files or folders; one that does not exist is a rejection, not a failure
     * @param threads files read at a time, at least 1; the result does not depend on it
     * @param further formats beside those on the class path, asked first
     * @param declared what is said of every run whose log does not say it
     * @param progress told after each file
     * @return what was found
     */
    public static LogCollection read(
            List<Path> paths,
            int threads,
            List<? extends LogSource<?>> further,
            Declaration declared,
            ReadProgress progress) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
        }
        List<LogSource<?>> sources = new ArrayList<>(further);
        sources.addAll(installedSources());
        return read(paths, threads, progress, sources, declared);
    }

    static LogCollection read(List<Path> paths, int threads, ReadProgress progress, List<LogSource<?>> sources) {
        return read(paths, threads, progress, sources, Declaration.NONE);
    }

    private static LogCollection read(
            List<Path> paths, int threads, ReadProgress progress, List<LogSource<?>> sources, Declaration declared) {
        var walk = new FileWalk();
        List<FileWalk.Found> files = walk.below(paths);
        var reading = new ParallelReading(new FileDispatch(sources), progress);
        List<FileDispatch.Outcome> outcomes = reading.read(files, threads);
        try (var all = new PackedFiles(files, outcomes, reading, threads)) {
            var collector = new LogCollector(walk, all.files(), all.outcomes(), declared);
            sources.stream().sorted(Comparator.comparing(LogSource::turn)).forEach(collector::assemble);
            return collector.collection();
        } catch (IOException e) {
            throw new UncheckedIOException("what was unpacked from archives cannot be deleted", e);
        }
    }

    /** Returns the formats on the class path, in the order that decides among equally sure ones. */
    private static List<LogSource<?>> installedSources() {
        var sources = new ArrayList<LogSource<?>>();
        ServiceLoader.load(LogSource.class, TrainingLogs.class.getClassLoader()).forEach(sources::add);
        sources.sort(Comparator.comparing(source -> source.format().label()));
        Set<LogFormat> formats = new HashSet<>();
        for (LogSource<?> source : sources) {
            if (!formats.add(source.format())) {
                throw new IllegalStateException("two readers are installed for the format "
                        + source.format().label() + ", must be one");
            }
        }
        return sources;
    }
}
