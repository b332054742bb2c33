package org.flopledger.logs.trainer;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.SideFiles;
import org.flopledger.logs.metric.TrackedRuns;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * Logs in which a Hugging Face trainer tells its history line by line. A file that tells a run again of which the state is there is a
 * repeat. The instance keeps nothing.
 */
abstract class EntrySource implements LogSource<EntrySource.Entries> {

    private static final String STEPS = "global_step/max_steps";

    private final LogFormat format;

    EntrySource(String label) {
        format = new LogFormat(label);
    }

    /**
     * What a file told.
     *
     * @param state the state that would have told the same
     * @param losses its losses by step, or by entry where lines have no step
     * @param stepped whether lines have steps
     * @param starts how often the training was started, as far as the lines tell
     */
    public record Entries(TrainerState state, LossCurve losses, boolean stepped, int starts) {}

    @Override
    public LogFormat format() {
        return format;
    }

    @Override
    public Turn turn() {
        return Turn.TRACKERS;
    }

    /** Returns the numbers on a line by their names, or null if it is no entry; other members go to {@code texts}. */
    abstract @Nullable Map<String, BigDecimal> entry(LineReader line, Map<String, String> texts);

    @Override
    public @Nullable Entries read(LogFile file) throws IOException {
        var log = new EntryLog();
        boolean stepped = false;
        boolean telling = false;
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            var texts = new HashMap<String, String>();
            while (lines.next()) {
                texts.clear();
                Map<String, BigDecimal> figures = lines.isTooLong() ? null : entry(lines, texts);
                if (figures == null || figures.isEmpty()) {
                    continue;
                }
                long[] place = place(figures, texts);
                stepped |= place[0] >= 0;
                telling |= figures.containsKey("loss") || figures.containsKey("train_runtime");
                log.add(figures, place[0], place[1]);
            }
        }
        if (log.isTooLong()) {
            file.refuse(RejectionReason.HISTORY_TOO_LONG);
            return null;
        }
        return telling
                ? new Entries(log.toState(file.path(), file.sha256()), log.losses(), stepped, log.starts())
                : null;
    }

    /** Returns the step of an entry and the steps planned, each -1 if not told. */
    private static long[] place(Map<String, BigDecimal> figures, Map<String, String> texts) {
        String both = texts.get(STEPS);
        if (both != null && both.matches("\\d{1,9}/\\d{1,9}")) {
            int slash = both.indexOf('/');
            return new long[] {Long.parseLong(both.substring(0, slash)), Long.parseLong(both.substring(slash + 1))};
        }
        return new long[] {whole(figures.get("current_steps")), whole(figures.get("total_steps"))};
    }

    private static long whole(@Nullable BigDecimal figure) {
        boolean sensible = figure != null && figure.signum() >= 0 && figure.precision() - figure.scale() <= 18;
        return sensible && figure != null ? figure.longValue() : -1;
    }

    @Override
    public void assemble(List<FilePart<Entries>> parts, LogAssembly assembly) {
        parts.forEach(part -> add(part, assembly));
    }

    private void add(FilePart<Entries> part, LogAssembly assembly) {
        Entries told = part.told();
        for (LoggedRun known : assembly.runs()) {
            if (TrackedRuns.areNear(known.sources().get(0), part.file()) && isSame(known, told, assembly)) {
                assembly.addRepeat(
                        known.id(),
                        "the " + known.format().label() + " files beside it tell the same run",
                        List.of(part.file()));
                if (told.starts() > known.attempts()) {
                    assembly.replace(known.with(restarted(told.starts())));
                }
                return;
            }
        }
        Path folder = SideFiles.folderOf(part.file());
        Set<Path> folders = new LinkedHashSet<>();
        folders.add(folder == null ? Path.of("") : folder);
        LoggedRun run;
        try {
            run = new TrainerRunBuilder(told.state(), List.of()).build(new TrainerSideFiles(assembly, folders), format);
        } catch (ArithmeticException e) {
            assembly.refuse(part.file(), RejectionReason.IMPLAUSIBLE_VALUE);
            return;
        }
        if (assembly.run(run.id()) != null) {
            assembly.addRepeat(run.id(), "the same beginning in another file", List.of(part.file()));
        } else {
            LoggedRun named = told.stepped() ? run : run.with(stepsOpen());
            assembly.add(told.starts() > 1 ? named.with(restarted(told.starts())) : named, told.losses());
        }
    }

    private static LogWarning restarted(int starts) {
        return new LogWarning(
                LogWarning.Code.LOST_STEPS_NOT_COUNTED,
                "the console shows " + starts + " starts; what a restart threw away is not counted");
    }

    private static LogWarning stepsOpen() {
        return new LogWarning(
                LogWarning.Code.STEPS_NOT_NAMED,
                "the lines do not number their steps; they follow from the rate at the end");
    }

    /** Lines without steps are compared with the entries of a history in their order. */
    private static boolean isSame(LoggedRun known, Entries told, LogAssembly assembly) {
        LossCurve curve = TrackedRuns.losses(known, assembly);
        LossCurve other = told.stepped() ? curve : curve.inOrder();
        return told.losses().compare(other) == LossCurve.Likeness.SAME;
    }
}
