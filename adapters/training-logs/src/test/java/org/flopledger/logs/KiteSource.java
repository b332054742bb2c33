package org.flopledger.logs;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/** The format of {@code docs/log-formats.md}: as a jar of others would add it. */
public final class KiteSource extends SingleFileSource {

    private static final byte[] MARK = Bytes.ascii("kite step ");
    private static final Pattern STEP =
            Pattern.compile("kite step (\\d{1,18}) sequences (\\d{1,18}) length (\\d{1,18})");

    /** Creates the source. */
    public KiteSource() {
        super(new LogFormat("kite"));
    }

    @Override
    public Recognition recognise(LogHead head) {
        if (head.isText() && head.contains(Bytes.ascii("kite fails to recognise"))) {
            throw new IllegalStateException("as a careless reader might");
        }
        return head.isText() && head.contains(MARK) ? Recognition.LIKELY : Recognition.NO;
    }

    @Override
    public @Nullable RunEvidence read(LogFile file) throws IOException {
        LoggedStepsBuilder steps = LoggedSteps.builder();
        String identity = null;
        long seen = 0;
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            while (lines.next()) {
                String line = lines.text();
                Matcher step = STEP.matcher(line);
                seen++;
                if (line.contains("kite fails")) {
                    throw new IllegalStateException("as a careless reader might");
                } else if (!step.find()) {
                    continue;
                }
                identity = identity == null ? line : identity;
                add(steps, step, file, lines.number());
            }
        }
        if (steps.isTooLong()) {
            file.refuse(RejectionReason.TOO_MANY_STEPS);
        }
        return identity == null
                ? null
                : RunEvidence.of(identity)
                        .steps(steps)
                        .unknown(Unknown.MODEL)
                        .lines(seen, steps.steps())
                        .build();
    }

    private static void add(LoggedStepsBuilder steps, Matcher step, LogFile file, long line) {
        long number = Long.parseLong(step.group(1));
        if (number <= steps.lastStep()) {
            steps.newAttempt();
        }
        boolean added = steps.step(number)
                .sequences(Long.parseLong(step.group(2)), Long.parseLong(step.group(3)))
                .add();
        if (!added) {
            file.reject(RejectionReason.IMPLAUSIBLE_VALUE, line);
        }
    }
}
