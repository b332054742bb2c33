package org.flopledger.logs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.TrainingLogs;

/** Writes console logs and reads them as a search does. */
public final class ConsoleLogs {

    private ConsoleLogs() {}

    /** Returns everything that is found of a text. */
    public static LogCollection read(Path folder, String text) {
        try {
            Files.writeString(folder.resolve("train.log"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TrainingLogs.read(List.of(folder), 1, (done, files) -> {});
    }

    /** Returns the one run that a text tells. */
    public static LoggedRun run(Path folder, String text) {
        LogCollection found = read(folder, text);
        assertThat(found.runs()).as(found.rejections().toString()).hasSize(1);
        return found.runs().get(0);
    }

    /** Returns lines, each made of its number. */
    public static String lines(long first, long last, long step, String format) {
        var text = new StringBuilder();
        for (long i = first; i <= last; i += step) {
            text.append(String.format(Locale.ROOT, format, i)).append('\n');
        }
        return text.toString();
    }

    /** Returns the codes of a run's warnings. */
    public static List<LogWarning.Code> codes(LoggedRun run) {
        return run.warnings().stream().map(warning -> warning.code()).toList();
    }
}
