package org.flopledger.logs.mlperf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.SideFiles;
import org.flopledger.logs.scan.JsonFacts;
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

    private static final Set<String> TEXTS = Set.of("accelerator_model_name");

    private final SideFiles sideFiles;
    private final Map<Path, List<SystemFile>> inFolder = new HashMap<>();
    private final Map<Path, Optional<SystemFile>> named = new HashMap<>();
    private final Map<Path, Boolean> folders = new HashMap<>();

    SystemDescriptions(SideFiles sideFiles) {
        this.sideFiles = sideFiles;
    }

    /**
     * A description that was found.
     *
     * @param file where it lies
     * @param devices what it says
     */
    record SystemFile(Path file, Devices devices) {}

    /** Returns whether a JSON document describes a system. */
    static boolean isDescription(JsonFacts facts) {
        return facts.figure("number_of_nodes") != null && facts.has("accelerators_per_node");
    }

    /** Returns the description of the system a log was written on, or null. */
    @Nullable
    SystemFile of(Path log) {
        SystemFile named = byName(log);
        return named != null ? named : beside(log);
    }

    private @Nullable SystemFile byName(Path log) {
        var names = new ArrayList<String>();
        Path folder = SideFiles.folderOf(log);
        for (int level = 0; level < LEVELS_UP && folder != null; level++) {
            Path systems = folder.resolve("systems");
            for (String name : names) {
                SystemFile found = isFolder(systems) ? named(systems.resolve(name + ".json")) : null;
                if (found != null) {
                    return found;
                }
            }
            Path name = folder.toAbsolutePath().normalize().getFileName();
            if (name != null) {
                names.add(name.toString());
            }
            folder = SideFiles.folderOf(folder);
        }
        return null;
    }

    private @Nullable SystemFile beside(Path log) {
        Path folder = SideFiles.folderOf(log);
        for (int level = 0; level < LEVELS_BESIDE && folder != null; level++) {
            List<SystemFile> found = in(folder);
            if (!found.isEmpty()) {
                return found.size() == 1 ? found.get(0) : null;
            }
            folder = SideFiles.folderOf(folder);
        }
        return null;
    }

    /** Returns the descriptions in a folder, at most two: more do not matter. */
    private List<SystemFile> in(Path folder) {
        return inFolder.computeIfAbsent(folder, key -> {
            var found = new ArrayList<SystemFile>();
            for (Path file : sideFiles.jsonFilesIn(key)) {
                SystemFile system = found.size() < 2 ? description(file) : null;
                if (system != null) {
                    found.add(system);
                }
            }
            return List.copyOf(found);
        });
    }

    private boolean isFolder(Path path) {
        return folders.computeIfAbsent(path, Files::isDirectory);
    }

    private @Nullable SystemFile named(Path file) {
        return named.computeIfAbsent(file, key -> Optional.ofNullable(description(key)))
                .orElse(null);
    }

    private @Nullable SystemFile description(Path file) {
        JsonFacts facts = sideFiles.json(file, TEXTS);
        return facts == null ? null : system(file, facts);
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
        return new SystemFile(file, new Devices(nodes * each, facts.text("accelerator_model_name")));
    }
}
