package org.flopledger.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flopledger.logs.scan.JsonFacts;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.RegularFiles;
import org.jspecify.annotations.Nullable;

/**
 * The files that lie beside logs, each listed and read once however many runs ask for it. Only regular files are opened, never a
 * pipe or device. Confined to one thread.
 */
public final class SideFiles {

    private final JsonFactory json = JsonLimits.factory();
    private final Map<Path, List<Path>> jsonFiles = new HashMap<>();
    private final Map<Asked, Optional<JsonFacts>> facts = new HashMap<>();
    private final Map<Path, Boolean> folders = new HashMap<>();

    SideFiles() {}

    private record Asked(Path file, Set<String> texts) {}

    /**
     * Returns what is kept of a JSON file, or null if it is absent, no regular file or no JSON. No rejection is counted: where the
     * file is among those asked for, reading it there gives the reason.
     *
     * @param texts names whose texts are kept
     */
    public @Nullable JsonFacts json(Path file, Set<String> texts) {
        return facts.computeIfAbsent(new Asked(file, texts), this::read).orElse(null);
    }

    private Optional<JsonFacts> read(Asked asked) {
        if (!RegularFiles.isReadable(asked.file())) {
            return Optional.empty();
        }
        try (InputStream stream = Files.newInputStream(asked.file());
                JsonParser parser = json.createParser(stream)) {
            return Optional.of(JsonFacts.read(parser, asked.texts(), JsonFacts.ArrayReader.NONE));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the regular files of a folder whose names end in {@code .json}, in the order of their names. */
    public List<Path> jsonFilesIn(Path folder) {
        return jsonFiles.computeIfAbsent(folder, SideFiles::list);
    }

    private static List<Path> list(Path folder) {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : files) {
                if (RegularFiles.isReadable(file)) {
                    found.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        found.sort(Comparator.naturalOrder());
        return List.copyOf(found);
    }

    /** Returns whether a folder is there. */
    public boolean isFolder(Path folder) {
        return folders.computeIfAbsent(folder, Files::isDirectory);
    }

    /** Returns the folder that holds a path, also where the path was written relative to somewhere below it; null at the root. */
    public static @Nullable Path folderOf(Path path) {
        Path parent = path.getParent();
        return parent != null ? parent : path.toAbsolutePath().normalize().getParent();
    }

    static Path comparable(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
