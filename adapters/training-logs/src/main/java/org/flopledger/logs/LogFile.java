package org.flopledger.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.logs.scan.BoundedStream;
import org.flopledger.logs.scan.Digests;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonLimits;
import org.jspecify.annotations.Nullable;

/**
 * One file that a format reads, and what there is to say about the reading. Confined to one thread; valid during the call it is
 * given to.
 */
public final class LogFile {

    private static final JsonFactory JSON = JsonLimits.factory();

    private final LogHead head;
    private final Rejections rejections = new Rejections();
    private @Nullable RejectionReason refused;
    private boolean aside;

    LogFile(LogHead head) {
        this.head = head;
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
        if (head.size() <= first.length) {
            return new ByteArrayInputStream(first, start, first.length - start);
        }
        InputStream stream = new BoundedStream(Files.newInputStream(path()), head.size());
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
        try (InputStream stream = new BoundedStream(Files.newInputStream(path()), head.size())) {
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
