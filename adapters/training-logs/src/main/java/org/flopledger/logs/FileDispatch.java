package org.flopledger.logs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonFacts;
import org.flopledger.logs.scan.LineReader;
import org.flopledger.logs.scan.Markers;
import org.flopledger.logs.scan.Unpacking;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file: finds the format that can, by the rule that {@link LogSource} states, or the reason why none can. Thread-safe.
 */
final class FileDispatch {

    private static final int LINES_LOOKED_AT = 20_000;

    private final List<LogSource<?>> sources;
    /** The markers of each. */
    private final List<List<byte[]>> markers;

    /** Takes the formats in the order that decides among equally sure ones. */
    FileDispatch(List<LogSource<?>> sources) {
        this.sources = List.copyOf(sources);
        this.markers = this.sources.stream().map(LogSource::markers).toList();
    }

    /**
     * What came of a file.
     *
     * @param told what a format kept of it, or null
     * @param reason why nothing came of it, or null
     * @param isAside whether it is a side file
     * @param rejections everything in it that was not used
     */
    record Outcome(
            @Nullable Told<?> told, @Nullable RejectionReason reason, boolean isAside, List<Rejection> rejections) {}

    /**
     * What a format kept of a file.
     *
     * @param source the format
     * @param part what it kept
     * @param <T> what it keeps
     */
    record Told<T>(LogSource<T> source, FilePart<T> part) {}

    /** Reads a regular file of a size that is known, of which the bytes may lie elsewhere than the path that is shown. */
    Outcome read(Path path, Path bytes, long size) {
        try (LogFile file = LogFile.open(path, bytes, size)) {
            return read(file);
        } catch (IOException e) {
            var rejections = new Rejections();
            RejectionReason reason = reason(e);
            rejections.add(reason, path);
            return new Outcome(null, reason, false, rejections.toList());
        }
    }

    private Outcome read(LogFile file) {
        Told<?> told = null;
        try {
            told = readBySomeone(file);
        } catch (IOException e) {
            file.refuse(reason(e));
        }
        return new Outcome(
                told, file.refused(), file.isAside(), file.rejections().toList());
    }

    /** Returns why a file that could not be read was not. */
    static RejectionReason reason(IOException failure) {
        return failure instanceof Unpacking.TooLargeException
                ? RejectionReason.UNPACKS_TOO_LARGE
                : failure instanceof ZipException ? RejectionReason.DAMAGED_ARCHIVE : RejectionReason.UNREADABLE;
    }

    private @Nullable Told<?> readBySomeone(LogFile file) throws IOException {
        switch (file.head().kind()) {
            case EMPTY -> file.refuse(RejectionReason.EMPTY_FILE);
            case GIT_LFS_POINTER -> file.refuse(RejectionReason.GIT_LFS_POINTER);
            default -> {
                Path name = file.path().getFileName();
                if (name != null && name.toString().equals(Declaration.FILE)) {
                    file.setAside();
                    return null;
                }
                return readByFormats(file);
            }
        }
        return null;
    }

    private @Nullable Told<?> readByFormats(LogFile file) throws IOException {
        List<LogSource<?>> claims = claims(file.head());
        boolean certain = !claims.isEmpty() && sureness(claims.get(0), file.head()) == Recognition.CERTAIN;
        if (file.head().kind() == FileHead.Kind.TEXT && !certain) {
            claims.addAll(0, withMarkers(file));
        }
        try {
            Told<?> told = firstOf(claims, file);
            if (certain && told == null && !isDone(file) && file.head().isText()) {
                // What looked certain was not: another format's marker may stand behind.
                List<LogSource<?>> others = new ArrayList<>(withMarkers(file));
                others.removeAll(claims);
                told = firstOf(others, file);
            }
            return told != null || isDone(file) ? told : unclaimed(file);
        } catch (JsonProcessingException e) {
            return afterBadJson(file, e);
        }
    }

    /** Returns the formats that recognise a file, the surest first. */
    private List<LogSource<?>> claims(LogHead head) {
        record Claim(LogSource<?> source, Recognition sureness) {}
        var claims = new ArrayList<Claim>();
        for (LogSource<?> source : sources) {
            Recognition sureness = sureness(source, head);
            if (sureness != Recognition.NO) {
                claims.add(new Claim(source, sureness));
            }
        }
        claims.sort(Comparator.comparing(Claim::sureness).reversed());
        var claiming = new ArrayList<LogSource<?>>();
        claims.forEach(claim -> claiming.add(claim.source()));
        return claiming;
    }

    private static Recognition sureness(LogSource<?> source, LogHead head) {
        try {
            return source.recognise(head);
        } catch (RuntimeException e) {
            ReaderFault.log("recognition", source, e);
            return Recognition.NO;
        }
    }

    /** Returns the formats one of whose markers stands somewhere in a text. */
    private List<LogSource<?>> withMarkers(LogFile file) throws IOException {
        var found = new ArrayList<LogSource<?>>();
        try (InputStream stream = file.open()) {
            boolean[] stand = Markers.standIn(stream, markers);
            for (int i = 0; i < stand.length; i++) {
                if (stand[i]) {
                    found.add(sources.get(i));
                }
            }
        }
        return found;
    }

    private static @Nullable Told<?> firstOf(List<LogSource<?>> claims, LogFile file) throws IOException {
        for (LogSource<?> source : claims) {
            Told<?> told = readBy(source, file);
            if (told != null || isDone(file)) {
                return told;
            }
        }
        return null;
    }

    private static boolean isDone(LogFile file) {
        return file.refused() != null || file.isAside();
    }

    private static <T> @Nullable Told<T> readBy(LogSource<T> source, LogFile file) throws IOException {
        try {
            T told = source.read(file);
            return told == null ? null : new Told<>(source, new FilePart<>(file.path(), file.size(), told));
        } catch (RuntimeException e) {
            // One file must not take the others down. The file is refused aloud, and the fault is in the log.
            ReaderFault.log("reader", source, e);
            file.refuse(RejectionReason.READER_FAILED);
            return null;
        }
    }

    private @Nullable Told<?> unclaimed(LogFile file) throws IOException {
        switch (file.head().kind()) {
            case UTF_16 -> file.refuse(RejectionReason.UTF_16);
            case BINARY -> file.refuse(UnreadKinds.ofBinary(file.head()));
            case JSON -> {
                return unclaimedJson(file);
            }
            default -> file.refuse(textKind(file));
        }
        return null;
    }

    /** The names that tell the kind may stand behind the head. */
    private @Nullable Told<?> unclaimedJson(LogFile file) throws IOException {
        JsonFacts facts;
        try (JsonParser parser = file.openJson()) {
            facts = JsonFacts.read(parser, Set.of(), JsonFacts.ArrayReader.NONE);
        }
        if (file.size() > FileHead.LENGTH) {
            Told<?> told = firstOf(claims(file.head().withJsonNames(facts.names())), file);
            if (told != null || isDone(file)) {
                return told;
            }
        }
        file.refuse(UnreadKinds.ofJson(facts));
        return null;
    }

    /** Text that only begins like JSON may still be a log. */
    private @Nullable Told<?> afterBadJson(LogFile file, JsonProcessingException failure) throws IOException {
        Told<?> told = firstOf(withMarkers(file), file);
        if (told == null && !isDone(file)) {
            RejectionReason reason = failure instanceof JsonEOFException
                    ? RejectionReason.TRUNCATED_JSON
                    : failure instanceof StreamConstraintsException
                            ? RejectionReason.JSON_LIMIT
                            : RejectionReason.MALFORMED_JSON;
            long line = failure.getLocation() == null
                    ? 1
                    : Math.max(1, failure.getLocation().getLineNr());
            file.refuse(reason, line);
        }
        return told;
    }

    private static RejectionReason textKind(LogFile file) throws IOException {
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            while (lines.next() && lines.number() <= LINES_LOOKED_AT) {
                RejectionReason kind = UnreadKinds.ofLine(lines, lines.number() == 1);
                if (kind != RejectionReason.UNRECOGNISED_TEXT) {
                    return kind;
                }
            }
        }
        return RejectionReason.UNRECOGNISED_TEXT;
    }
}
