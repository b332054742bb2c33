package org.flopledger.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.flopledger.logs.scan.Digests;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.logs.scan.Unpacking;
import org.jspecify.annotations.Nullable;

/**
 * One file that a format reads, and what there is to say about the reading. Confined to one thread; valid during the call it is
 * given to.
 */
public final class LogFile implements AutoCloseable {

    private static final JsonFactory JSON = JsonLimits.factory();

    private final LogHead head;
    /** Where the bytes are. */
    private final Path bytes;

    /** Bytes as they lie, packed or not. */
    private final long stored;

    private final Rejections rejections = new Rejections();
    private @Nullable RejectionReason refused;
    private boolean aside;
    /** What is behind the head, until it is given away. */
    private @Nullable InputStream rest;

    private LogFile(LogHead head, Path bytes, long stored, @Nullable InputStream rest) {
        this.head = head;
        this.bytes = bytes;
        this.stored = stored;
        this.rest = rest;
    }

    /** Opens a regular file of a known size; one of 0 bytes is not opened: see {@link RegularFiles#size}. */
    static LogFile open(Path path, Path bytes, long size) throws IOException {
        if (size == 0) {
            return new LogFile(new LogHead(path, 0, new byte[0]), bytes, 0, null);
        }
        InputStream stream = Unpacking.open(bytes, size);
        try {
            boolean packed = stream instanceof Unpacking.Unpacked;
            byte[] head = new byte[packed ? FileHead.LENGTH : (int) Math.min(size, FileHead.LENGTH)];
            int read = stream.readNBytes(head, 0, head.length);
            byte[] whole = read == head.length ? head : Arrays.copyOf(head, read);
            boolean isAll = packed && read < head.length;
            // How many bytes are packed into a file is known only where all of them are in the head.
            long length = isAll ? read : Math.max(packed ? read + 1L : read, size);
            return new LogFile(new LogHead(path, length, whole), bytes, size, stream);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (rest != null) {
            rest.close();
            rest = null;
        }
    }

    /** Returns where the file lies. */
    public Path path() {
        return head.path();
    }

    /** Returns its bytes when it was found; it may have grown since. */
    public long size() {
        return head.size();
    }

    /** Returns its first bytes. */
    public LogHead head() {
        return head;
    }

    /** Opens the text from its beginning, behind a byte order mark; the caller closes it. */
    public InputStream open() throws IOException {
        byte[] first = head.bytes();
        int start = FileHead.textStart(first, first.length);
        var begin = new ByteArrayInputStream(first, start, first.length - start);
        if (head.size() <= first.length) {
            return begin;
        } else if (rest != null) {
            var whole = new SequenceInputStream(begin, rest);
            rest = null;
            return whole;
        }
        InputStream stream = Unpacking.open(bytes, stored);
        stream.skipNBytes(start);
        return stream;
    }

    /** Opens the file as JSON within the limits that hold for all input; the caller closes it. */
    public JsonParser openJson() throws IOException {
        return JSON.createParser(open());
    }

    /** Returns the SHA-256 of all bytes, which are read again: ask only where identity needs it. */
    public String sha256() throws IOException {
        if (head.size() <= head.bytes().length) {
            return Digests.sha256(new ByteArrayInputStream(head.bytes()));
        }
        try (InputStream stream = Unpacking.open(bytes, stored)) {
            return Digests.sha256(stream);
        }
    }

    /** Counts something at a line that was not used; the rest of the file is. Lines are counted from 1. */
    public void reject(RejectionReason reason, long line) {
        rejections.add(reason, path(), line);
    }

    /** Says that the whole file is of no use, and why. The first reason stays. */
    public void refuse(RejectionReason reason) {
        if (refused == null) {
            refused = reason;
            rejections.add(reason, path());
        }
    }

    /** Says that the whole file is of no use because of what stands at a line. The first reason stays. */
    public void refuse(RejectionReason reason, long line) {
        if (refused == null) {
            refused = reason;
            rejections.add(reason, path(), line);
        }
    }

    /** Says that the file belongs beside a log. If no run uses it in the end, it is listed as unused. */
    public void setAside() {
        aside = true;
    }

    /** Returns why the file was refused, or null. */
    @Nullable
    RejectionReason refused() {
        return refused;
    }

    boolean isAside() {
        return aside;
    }

    Rejections rejections() {
        return rejections;
    }
}
