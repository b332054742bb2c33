package org.flopledger.logs.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MetricSettings;
import org.flopledger.logs.metric.SettingsYaml;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.logs.tensorboard.EventSettings;
import org.jspecify.annotations.Nullable;

/**
 * Finds a trainer's arguments in the files beside its state that tell them as text: TensorBoard events, ms-swift's args.json,
 * LLaMA-Factory's training_args.yaml, the configuration that W&amp;B keeps. {@code training_args.bin} is a pickle and never opened.
 * Stateless.
 */
final class ArgumentFiles {

    private static final int MOST_FILES = 16;
    private static final long LARGEST_FILE = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper(JsonLimits.factory());

    private ArgumentFiles() {}

    /** Returns what the files in and below some folders tell; what the first one says stands. */
    static MetricSettings read(List<Path> folders) {
        var all = new MetricSettings(ColumnMapping.named("tensorboard"));
        for (Path folder : folders) {
            for (Path events : events(folder)) {
                MetricSettings told = EventSettings.read(events);
                if (told != null) {
                    all.putAbsent(told);
                }
            }
            put(all, json(folder.resolve("args.json")));
            put(all, SettingsYaml.read(folder.resolve("training_args.yaml")));
            for (Path run : below(folder.resolve("wandb"), "*run-*")) {
                put(all, SettingsYaml.read(run.resolve("files").resolve("config.yaml")));
            }
        }
        return all;
    }

    private static void put(MetricSettings all, @Nullable JsonNode arguments) {
        if (arguments != null && arguments.isObject()) {
            all.arguments().putAll(arguments);
        }
    }

    private static List<Path> events(Path folder) {
        var found = new ArrayList<>(below(folder, "events.out.tfevents.*"));
        for (String name : List.of("runs", "logs")) {
            Path logs = folder.resolve(name);
            found.addAll(below(logs, "events.out.tfevents.*"));
            for (Path start : below(logs, "*")) {
                found.addAll(below(start, "events.out.tfevents.*"));
            }
        }
        return found.subList(0, Math.min(MOST_FILES, found.size()));
    }

    /** Returns the first entries of a folder whose names match, in the order of their names. */
    static List<Path> below(Path folder, String names) {
        var found = new ArrayList<Path>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, names)) {
            for (Path entry : entries) {
                found.add(entry);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What cannot be listed tells nothing; the search for logs says so where it was asked to look there.
            return new ArrayList<>();
        }
        found.sort(Comparator.naturalOrder());
        return found.subList(0, Math.min(MOST_FILES, found.size()));
    }

    private static @Nullable JsonNode json(Path file) {
        long size = RegularFiles.size(file);
        if (size < 1 || size > LARGEST_FILE) {
            return null;
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return JSON.readTree(stream);
        } catch (IOException e) {
            return null;
        }
    }
}
