package org.flopledger.logs;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Tells of a reader that failed, without a word of what it read. Stateless. */
final class ReaderFault {

    private static final System.Logger LOG = System.getLogger(ReaderFault.class.getName());
    private static final int FRAMES = 12;

    private ReaderFault() {}

    /** Logs where a format failed; messages of exceptions may quote a log, so they are left out. */
    static void log(String part, LogSource<?> source, RuntimeException failure) {
        String place = Arrays.stream(failure.getStackTrace())
                .limit(FRAMES)
                .map(frame -> "\n  at " + frame)
                .collect(Collectors.joining());
        LOG.log(
                System.Logger.Level.WARNING,
                "the {0} of {1} failed: {2}{3}",
                part,
                source.format().label(),
                failure.getClass().getName(),
                place);
    }
}
