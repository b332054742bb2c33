package org.flopledger.cli.options;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.flopledger.cli.text.ProgressBar;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.ReadProgress;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MappingException;
import org.flopledger.logs.table.MappedSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what the columns of a table mean. */
public final class MappingChoice {

    private static final String MAPPED = "mapped";

    /** Mappings by which tables of known trainers are read. */
    private static final Map<String, String> SHIPPED = Map.of(
            "lightning-csv", "lightning-csv",
            "keras-csv", "keras-csv",
            "ultralytics-csv", "ultralytics-csv",
            "wandb-export", "wandb",
            "mlflow-export", "mlflow",
            "neptune-export", "neptune");

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description = "What the columns of your tables and JSON lines mean; docs/trackers.md shows the form.")
    private @Nullable Path mapping;

    @Option(
            names = "--explain-columns",
            description = "Say on the error stream what each column of a table was taken for.")
    private boolean explain;

    @CommandLine.Mixin
    private DeclaredChoice supplied = new DeclaredChoice();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** Reads logs, tables of the declared form among them, and shows on a terminal how far it has come. */
    public LogCollection read(List<Path> paths, PrintWriter err) {
        try (ProgressBar progress = ProgressBar.on(err)) {
            return read(paths, progress, err);
        }
    }

    private LogCollection read(List<Path> paths, ReadProgress progress, PrintWriter err) {
        ColumnMapping declared = declared();
        List<LogSource<?>> further = declared == null ? List.of() : List.of(new MappedSource(declared));
        LogCollection found = TrainingLogs.read(
                paths, Runtime.getRuntime().availableProcessors(), further, supplied.declaration(), progress);
        if (explain) {
            found.runs().forEach(run -> explain(run, declared, err));
        }
        return found;
    }

    private @Nullable ColumnMapping declared() {
        if (mapping == null) {
            return null;
        }
        try {
            return ColumnMapping.read(mapping);
        } catch (MappingException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), mapping + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), mapping + ": cannot be read", e);
        }
    }

    private static void explain(LoggedRun run, @Nullable ColumnMapping declared, PrintWriter err) {
        String label = run.format().label();
        String shipped = SHIPPED.get(label);
        ColumnMapping used = label.equals(MAPPED) ? declared : shipped == null ? null : ColumnMapping.named(shipped);
        if (used == null) {
            return;
        }
        Path file = run.sources().get(0);
        err.println(file + ", by the mapping " + used.name());
        try {
            MappedSource.explain(file, used).forEach(column -> err.println("  " + column.line()));
        } catch (IOException e) {
            err.println("  it cannot be read any more");
        }
    }
}
