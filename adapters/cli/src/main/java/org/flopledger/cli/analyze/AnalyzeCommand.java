package org.flopledger.cli.analyze;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Lines;
import org.flopledger.cli.options.MappingChoice;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.output.RowChoice;
import org.flopledger.cli.output.RunExplanation;
import org.flopledger.cli.runs.LogRoad;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.logs.LogCollection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code analyze}: from folders of logs to totals, cross-checks and findings. */
@Command(
        name = "analyze",
        description = {
            "Finds training logs and the files beside them, and prints what each run cost in FLOP.",
            "",
            "Reads MLPerf results (:::MLLOG, with systems/*.json), Hugging Face trainer_state.json (with config.json,"
                    + " adapter_config.json, all_results.json), TensorBoard events, W&B and MLflow runs, tables of"
                    + " Lightning, Keras and Ultralytics, and what nvidia-smi, DCGM, sacct and CodeCarbon measured."
                    + " Files are recognised by content, not by name. A run that appears twice counts once; what was"
                    + " not used is listed with the reason.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger analyze results/",
            "  flopledger analyze results/ --output json > analysis.json",
            "  flopledger analyze results/ --threshold 1e21",
            "  flopledger analyze results/ --profile eu-gpai-all",
            "  flopledger analyze results/ --where devices>=8 --sort flop --top 10",
            "  flopledger analyze results/ --group-by folder --csv > folders.csv",
            "  flopledger analyze results/ --explain 3",
            "",
            "Ends with 0 if fine, 1 if a path is missing, nothing usable was found or --strict found a file unused, 3 if a threshold was crossed,",
            "4 if too little is known to say that none was."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class AnalyzeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders to look in; - is standard input.")
    private List<Path> paths = List.of();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Mixin
    private Lines lines = new Lines();

    @Mixin
    private RowChoice rows = new RowChoice();

    @Option(
            names = "--explain",
            paramLabel = "RUN",
            description =
                    "Print how the figure of a run was counted instead, down to formula and rows. RUN is its number in"
                            + " the table, its name or the beginning of it, or the end of its path.")
    private @Nullable String explained;

    @Mixin
    private MappingChoice mapping = new MappingChoice();

    @Mixin
    private UnusedChoice unused = new UnusedChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        rows.refuseWith(output.isJson());
        LedgerBuilder builder = ComputeLedger.inMemory();
        lines.putInForce(builder);
        PrintWriter err = spec.commandLine().getErr();
        LogCollection found = mapping.read(paths, err);
        try (ComputeLedger ledger = builder.start()) {
            LogRoad road = LogRoad.into(ledger, found, lines);
            print(road);
            if (!LogRoad.isUsable(found, err)) {
                err.println("flopledger: no usable step was found in " + found.files()
                        + (found.files() == 1 ? " file" : " files"));
                return ExitStatus.FAILURE.code();
            }
            return unused.status(found, road.status(err)).code();
        }
    }

    private void print(LogRoad road) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                new AnalysisJson(json).write(road, lines.ids());
            }
        } else if (explained != null) {
            NumberedRun run = NumberedRun.named(explained, NumberedRun.ofLogs(road.runs()));
            if (run == null) {
                throw rows.usage(
                        "--explain is '" + explained + "', must name one of the runs: its number in the table, the"
                                + " beginning of its name, or the end of its path");
            }
            new RunExplanation(out).print(run);
        } else if (!road.runs().isEmpty()) {
            new AnalysisTable(out).print(road, !lines.ids().isEmpty(), rows);
        } else {
            EvidenceReport.print(road.found().evidence(), out);
        }
        if (!output.isJson()) {
            unused.print(road.found(), out);
        }
    }
}
