package org.flopledger.internal.journal;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.internal.journal.RecordFrame.Extent;

/** The names and the order of the segment files of a journal. */
final class Segments {

    /** Ends an Arrow stream, read as one little-endian number: a continuation mark and length 0. */
    static final long END_MARK = 0xFFFF_FFFFL;

    private static final int FIRST = 1;
    private static final Pattern NAME = Pattern.compile("journal-(\\d{9})\\.arrows");

    private Segments() {}

    static String name(int number) {
        return String.format("journal-%09d.arrows", number);
    }

    static int number(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no segment name: " + name);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Returns the names of the segments in order; fails when one is missing between two others. */
    static List<String> list(Storage storage) throws IOException {
        List<String> names = storage.names().stream()
                .filter(name -> NAME.matcher(name).matches())
                .sorted()
                .toList();
        for (int i = 1; i < names.size(); i++) {
            int expected = number(names.get(i - 1)) + 1;
            if (number(names.get(i)) != expected) {
                throw JournalException.corrupt(
                        name(expected), 0, "the segment is missing; segments up to " + names.get(i - 1) + " are safe");
            }
        }
        return names;
    }

    /**
     * Returns the place of the first segment from which a history can be read: the first of all, or after a compaction that
     * did not finish the oldest snapshot; 0 if there is neither.
     */
    static int oldestBeginning(Storage storage, List<String> names) throws IOException {
        for (int i = 0; i < names.size() && number(names.get(0)) > FIRST; i++) {
            if (beginsWithSnapshot(storage, names.get(i), Long.MAX_VALUE)) {
                return i;
            }
        }
        return 0;
    }

    /** Returns the place of the last segment whose first commit is whole and holds a snapshot, or 0. */
    static int lastSnapshot(Storage storage, List<String> names) throws IOException {
        return lastSnapshot(storage, names, Long.MAX_VALUE);
    }

    /** Returns the same among the segments that begin before a record. */
    static int lastSnapshot(Storage storage, List<String> names, long limit) throws IOException {
        for (int i = names.size() - 1; i > 0; i--) {
            if (beginsWithSnapshot(storage, names.get(i), limit)) {
                return i;
            }
        }
        return 0;
    }

    /** Returns whether the first commit of a segment is whole, holds a snapshot and begins before a record. */
    private static boolean beginsWithSnapshot(Storage storage, String name, long limit) throws IOException {
        SegmentScanner scanner = new SegmentScanner(storage, name);
        Extent first = scanner.peek();
        RecordFrame frame = first == null ? null : scanner.frame(first);
        return first != null
                && frame != null
                && frame.kind() == RecordKind.SEGMENT
                && frame.sequence() < limit
                && SegmentHeader.read(name, scanner.bytes(), first).hasSnapshot()
                && isFirstCommitWhole(scanner);
    }

    private static boolean isFirstCommitWhole(SegmentScanner scanner) throws IOException {
        for (Extent extent = scanner.peek(); extent != null; extent = scanner.peek()) {
            RecordFrame frame = scanner.frame(extent);
            if (frame == null || frame.endsCommit()) {
                return frame != null;
            }
            scanner.advance(extent);
        }
        return false;
    }
}
