package org.flopledger.logs;

import java.util.Locale;

/** Why something that was found was not used. {@link #code()} is what a report shows; it stays the same. */
public enum RejectionReason {
    /** A path that was named does not exist. */
    MISSING_PATH("the path does not exist"),
    /** A folder that was named holds no file. */
    EMPTY_FOLDER("the folder holds no file"),
    /** The operating system refused to let us read it. */
    UNREADABLE("it cannot be read"),
    /** A device, pipe or socket. */
    NOT_A_REGULAR_FILE("it is not a regular file"),
    /** A link to a folder that holds the link. */
    LINK_CIRCLE("it is a link to a folder it lies in, and is not followed"),
    /** Zero bytes. */
    EMPTY_FILE("the file has no bytes"),
    /** A pointer that git-lfs leaves where the real file was not fetched. */
    GIT_LFS_POINTER("it is a git-lfs pointer, the real file was not fetched (git lfs pull)"),
    /** Text in UTF-16 or UTF-32. */
    UTF_16("it is UTF-16 or UTF-32 text, must be UTF-8"),
    /** Not text. Pickles (training_args.bin) are never opened. */
    BINARY("it is not text"),
    /** JSON that stops in the middle. */
    TRUNCATED_JSON("the JSON stops before it is complete"),
    /** Text that begins like JSON and is not. */
    MALFORMED_JSON("it is not valid JSON"),
    /** JSON nested too deep, or with a text or number too long. */
    JSON_LIMIT("the JSON is nested deeper or has longer texts or numbers than is allowed"),
    /** A line above the cap; the rest of the file is read. */
    LINE_TOO_LONG("the line is longer than 1048576 bytes"),
    /** A log record that cannot be parsed; the rest of the file is read. */
    MALFORMED_RECORD("the log record cannot be parsed"),
    /** A record or field whose value makes no sense, such as a negative batch size. */
    IMPLAUSIBLE_VALUE("the value makes no sense"),
    /** A binary file that stops in the middle of a record, as a crash leaves it; what comes before is used. */
    TRUNCATED_TAIL("the file ends in the middle of a record; what comes before is used"),
    /** A binary record whose checksum does not fit its bytes; the rest of the file is read where records can still be told. */
    BAD_CHECKSUM("the checksum of the record does not fit its bytes"),
    /** A row of a table that has fewer or more cells than its head. */
    UNEVEN_ROW("the row has another number of cells than the head of the table"),
    /** A line that git leaves where two versions of a file could not be merged. */
    CONFLICT_MARKER("it is a conflict marker of git; rows of both sides are there"),
    /** A log that names no run: no start, no end and no progress. */
    NO_RUN("records were found, and none of them starts, ends or advances a run"),
    /** A packed file that is no log, or a trap. */
    UNPACKS_TOO_LARGE("it unpacks to more than 200 times its size, which no log does"),
    /** A packed file that cannot be unpacked. */
    DAMAGED_ARCHIVE("its packed bytes are damaged"),
    /** A way of packing that is known and not unpacked. */
    UNSUPPORTED_ZSTD("it is packed with zstd, which is not unpacked yet: unpack it first"),
    /** An archive in an archive, or one that holds no file. */
    UNSUPPORTED_ZIP("it is a zip archive within another or without files, which is not unpacked: unpack it first"),
    /** More came than is kept. */
    STANDARD_INPUT_CUT("more than 4 GiB came over standard input; what is behind them was not read"),
    /** Python objects. */
    PICKLE("a pickle, which is never opened: reading one can run any program"),
    /** A declaration beside logs that is of no use. */
    BAD_DECLARATION("it declares what logs lack and cannot be read, or says something that makes no sense"),
    /** A log whose run would have more steps than any run has; nothing of it is counted. */
    TOO_MANY_STEPS("the run would have more than 20000000 steps"),
    /** A history with more entries than are kept. */
    HISTORY_TOO_LONG("the history has more than 2000000 entries"),
    /** A description beside a log that is larger than any is. */
    SIDE_FILE_TOO_LARGE("it is larger than the 1048576 bytes that such a file may have"),
    /** The reader of a format failed: a fault of the reader, whatever the file holds. */
    READER_FAILED("the reader of this format failed on it, which is a fault to report"),
    /** A description of hardware or a model that belongs to none of the runs found. */
    UNUSED_SIDE_FILE("it describes none of the runs that were found"),
    /** Output of a trainer that is read, with settings and no step: zero steps are no total of zero. */
    NO_STEPS("it is the output of a trainer and tells of no training step"),
    /** A kind of log that is known and that this version does not read. */
    UNSUPPORTED_MLPERF_V05("MLPerf logs of round v0.5 are not read by this version"),
    /** A kind of log that is known and that this version does not read. */
    UNSUPPORTED_JSON_LINES("JSON lines are not read by this version"),
    /** A kind of log that is known and that this version does not read. */
    UNSUPPORTED_EVALUATION_RESULTS("results of model evaluation carry no training compute"),
    /** A kind of log that is known and that this version does not read. */
    UNSUPPORTED_METRIC_SERIES("series of metric values are not read by this version"),
    /** A kind of log that is known and that this version does not read. */
    UNSUPPORTED_TABLE("tables of comma separated values are not read by this version"),
    /** A kind of log that is known and that this version does not read. */
    UNSUPPORTED_SQLITE(
            "SQLite databases, such as those of Trackio and MLflow, are not read by this version: export them"),
    /** A kind of log that is known and that this version does not read. */
    UNSUPPORTED_TELEMETRY("OpenTelemetry exports are not read by this version"),
    /** JSON of no kind that is known. */
    UNRECOGNISED_JSON("the JSON is of no kind that is known"),
    /** Text of no kind that is known. */
    UNRECOGNISED_TEXT("the text is of no kind that is known");

    private final String meaning;

    RejectionReason(String meaning) {
        this.meaning = meaning;
    }

    /** Returns the name as a report shows it, such as {@code git-lfs-pointer}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns what it means, as the end of a sentence. */
    public String meaning() {
        return meaning;
    }
}
