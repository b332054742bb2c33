package org.flopledger.cli.analyze;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.logs.FileUse;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.RejectionReason;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about files from which nothing came. */
final class UnusedChoice {

    @Option(names = "--unused", description = "Name every file from which nothing came, counted by folder and reason.")
    private boolean unused;

    @Option(names = "--strict", description = "End with 1 if anything was not used, and name it.")
    private boolean strict;

    /** Prints the files that were not used, if that was asked for. */
    void print(LogCollection found, PrintWriter out) {
        if (!unused && !strict) {
            return;
        }
        out.println();
        List<FileUse> files = found.unused();
        out.println("Files not used: " + files.size() + " of " + found.files());
        Map<String, Integer> counts = new TreeMap<>();
        files.forEach(file -> counts.merge(folder(file.file()) + ": " + code(file.reason()), 1, Integer::sum));
        counts.forEach((where, count) -> out.println("  " + where + " " + count));
        files.forEach(file -> out.println("  " + file.file() + " [" + code(file.reason()) + "]"));
    }

    /** Returns how the command ends, given how it would end otherwise. */
    ExitStatus status(LogCollection found, ExitStatus otherwise) {
        boolean fails = strict && !found.unused().isEmpty() && otherwise != ExitStatus.CROSSED;
        return fails ? ExitStatus.FAILURE : otherwise;
    }

    /** Writes what became of every file as a field. */
    static void write(LogCollection found, CanonicalJson json) {
        json.beginArray("files");
        for (FileUse file : found.uses()) {
            json.beginObject()
                    .text("path", file.file().toString())
                    .text("use", file.use().label())
                    .text("run", file.run())
                    .text("reason", file.reason() == null ? null : code(file.reason()))
                    .endObject();
        }
        json.endArray();
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of(".") : parent;
    }

    private static String code(@Nullable RejectionReason reason) {
        return reason == null ? "" : reason.code();
    }
}
