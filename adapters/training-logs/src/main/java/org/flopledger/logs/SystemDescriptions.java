package org.flopledger.logs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flopledger.logs.LoggedRun.Devices;
import org.jspecify.annotations.Nullable;

/**
 * Finds the description of the system a result was made on: {@code number_of_nodes x accelerators_per_node}.
 *
 * <p>Accelerators are not in the log, and names of folders mislead (cores for chips, nodes for devices), so a count comes from a
 * description or not at all. Looked for are {@code systems/<name>.json} beside a folder above the log, where name is that of a
 * folder on the way; then the only description in the log's own folder or the one above. Confined to one thread.
 */
final class SystemDescriptions {

    private static final long MOST_DEVICES = 1_000_000_000;
    private static final int LEVELS_UP = 6;
    private static final int LEVELS_BESIDE = 2;

    private final FileReader reader;
    private final Map<Path, Optional<SystemFile>> read = new HashMap<>();

    SystemDescriptions(FileReader reader) {
        this.reader = reader;
    }

    /**
     * A description that was found.
     *
     * @param file where it lies
     * @param devices what it says
     */
    record SystemFile(Path file, Devices devices) {}

    /** Returns the description of the system a log was written on, or null. */
    @Nullable
    SystemFile of(Path log) {
        SystemFile named = byName(log);
        return named != null ? named : beside(log);
    }

    private @Nullable SystemFile byName(Path log) {
        var names = new ArrayList<String>();
        Path folder = parent(log);
        for (int level = 0; level < LEVELS_UP && folder != null; level++) {
            Path systems = folder.resolve("systems");
            for (String name : names) {
                SystemFile found = Files.isDirectory(systems) ? description(systems.resolve(name + ".json")) : null;
                if (found != null) {
                    return found;
                }
            }
            Path name = folder.toAbsolutePath().normalize().getFileName();
            if (name != null) {
                names.add(name.toString());
            }
            folder = parent(folder);
        }
        return null;
    }

    private @Nullable SystemFile beside(Path log) {
        Path folder = parent(log);
        for (int level = 0; level < LEVELS_BESIDE && folder != null; level++) {
            List<SystemFile> found = descriptionsIn(folder);
            if (!found.isEmpty()) {
                return found.size() == 1 ? found.get(0) : null;
            }
            folder = parent(folder);
        }
        return null;
    }

    private List<SystemFile> descriptionsIn(Path folder) {
        var found = new ArrayList<SystemFile>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : files) {
                SystemFile system = description(file);
                if (system != null) {
                    found.add(system);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return found;
    }

    private @Nullable SystemFile description(Path file) {
        return read.computeIfAbsent(file, this::readDescription).orElse(null);
    }

    private Optional<SystemFile> readDescription(Path file) {
        JsonFacts facts = Files.isRegularFile(file) ? reader.sideFile(file) : null;
        return facts == null ? Optional.empty() : Optional.ofNullable(system(file, facts));
    }

    private static @Nullable SystemFile system(Path file, JsonFacts facts) {
        Long nodes = facts.whole("number_of_nodes");
        Long each = facts.whole("accelerators_per_node");
        if (nodes == null
                || each == null
                || Math.multiplyHigh(nodes, each) != 0
                || nodes * each <= 0
                || nodes * each > MOST_DEVICES) {
            return null;
        }
        return new SystemFile(file, new Devices(nodes * each, facts.name("accelerator_model_name")));
    }

    /** Returns the folder that holds a path, also where the path was written relative to somewhere below it. */
    private static @Nullable Path parent(Path path) {
        Path parent = path.getParent();
        return parent != null ? parent : path.toAbsolutePath().normalize().getParent();
    }
}
