package org.flopledger.logs;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A format of logs: tells whether a file is of it, reads one file, and puts what several files tell together into runs.
 *
 * <p>Found through {@link java.util.ServiceLoader}: a jar with a class that has a public constructor without parameters, and its
 * name in {@code META-INF/services/org.flopledger.logs.LogSource}, adds a format. {@code docs/log-formats.md} of this module
 * shows one.
 *
 * <p>For every file: all formats see its head ({@link #recognise}); those that claim it are asked to {@link #read} it, the surest
 * first, among equals in the order of their labels, until one does. A text that none reads is searched to its end for the
 * {@link #markers}, and a format whose marker is there may read it. When all files are read, {@link #assemble} makes runs.
 *
 * <p>One instance serves a whole search. {@link #recognise} and {@link #read} are called from several threads at once, each call
 * with another file, so they keep nothing in the instance; {@link #assemble} is called once, after them, on one thread.
 *
 * @param <T> what is kept of a file: small, and bounded whatever the size of the file
 */
public interface LogSource<T> {

    /** Returns the format that its runs carry; no two sources of one search have the same label. */
    LogFormat format();

    /** Returns how sure this format is of a file. Must be quick: it is asked for every file. */
    Recognition recognise(LogHead head);

    /**
     * Returns byte sequences one of which stands somewhere in every text of this format and hardly ever in another, such as
     * {@code :::MLLOG}; empty if there is none. With them, a log is found behind any amount of other text.
     */
    default List<byte[]> markers() {
        return List.of();
    }

    /** When a format makes runs of its parts. */
    enum Turn {
        /** First: its files are the logs of runs. */
        LOGS,
        /** Behind them: its files often tell a run a second time, as trackers do; it sees the runs in {@link LogAssembly#runs()}. */
        TRACKERS,
        /** Last: its files tell something beside the runs, such as what devices did. */
        EVIDENCE
    }

    /** Returns when the format's {@link #assemble} is called. */
    default Turn turn() {
        return Turn.LOGS;
    }

    /**
     * Reads one file as a stream, in bounded memory.
     *
     * <p>Bad lines are counted with {@link LogFile#reject(RejectionReason, long)} and the rest is read. What makes the whole file
     * useless is said with {@link LogFile#refuse}. A file that belongs beside a log, such as a model's configuration, is marked
     * with {@link LogFile#setAside()}.
     *
     * @return what the file tells, or null: refused, set aside, or else not of this format after all, and the next may try
     * @throws IOException if the file cannot be read, or its JSON is cut or malformed; it becomes a rejection of the file
     */
    @Nullable
    T read(LogFile file) throws IOException;

    /**
     * Makes runs of everything that was read.
     *
     * @param parts what files told, in the order of their paths
     * @param assembly takes runs and repeats, and gives the files beside them
     */
    void assemble(List<FilePart<T>> parts, LogAssembly assembly);
}
