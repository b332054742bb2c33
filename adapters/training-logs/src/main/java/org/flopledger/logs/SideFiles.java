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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flopledger.logs.scan.JsonFacts;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.logs.scan.Unpacking;
import org.jspecify.annotations.Nullable;

/**
 * The files that lie beside logs. Only regular files are opened, never a pipe or device. Confined to one thread.
 *
 * <p>The files last asked for are remembered, so that runs which share one do not read it again; a format that looks through whole
 * folders remembers what it found, a few figures, itself.
 */
public final class SideFiles {

    private static final int REMEMBERED = 64;

    private final JsonFactory json = JsonLimits.factory();
    private final Map<Asked, Optional<JsonFacts>> last = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Optional<JsonFacts>> eldest) {
            return size() > REMEMBERED;
        }
    };

    SideFiles() {}

    private record Asked(Path file, Set<String> texts) {}

    /**
     * Returns what is kept of a JSON file, or null if it is absent, no regular file or no JSON. No rejection is counted: where the
     * file is among those asked for, reading it there gives the reason.
     *
     * @param texts names whose texts are kept
     */
    public @Nullable JsonFacts json(Path file, Set<String> texts) {
        var asked = new Asked(file, texts);
        Optional<JsonFacts> known = last.get(asked);
        if (known == null) {
            known = read(asked);
            last.put(asked, known);
        }
        return known.orElse(null);
    }

    private Optional<JsonFacts> read(Asked asked) {
        if (!RegularFiles.isReadable(asked.file())) {
            return Optional.empty();
        }
        try (InputStream stream = Unpacking.open(asked.file(), RegularFiles.size(asked.file()));
                JsonParser parser = json.createParser(stream)) {
            return Optional.of(JsonFacts.read(parser, asked.texts(), JsonFacts.ArrayReader.NONE));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the regular files of a folder whose names end in {@code .json}, in the order of their names. */
    public List<Path> jsonFilesIn(Path folder) {
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

    /** Returns the folder that holds a path, also where the path was written relative to somewhere below it; null at the root. */
    public static @Nullable Path folderOf(Path path) {
        Path parent = path.getParent();
        return parent != null ? parent : path.toAbsolutePath().normalize().getParent();
    }

    static Path comparable(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
