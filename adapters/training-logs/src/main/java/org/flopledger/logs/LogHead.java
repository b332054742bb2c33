package org.flopledger.logs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonHead;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a file, at most {@value FileHead#LENGTH}, for formats to recognise it by. Immutable but for what it
 * remembers; confined to one thread.
 */
public final class LogHead {

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;?]{0,16}[A-Za-z]");

    private final Path path;
    private final long size;
    private final byte[] bytes;
    private final FileHead.Kind kind;
    private @Nullable Set<String> jsonNames;
    private @Nullable String text;

    /**
     * Takes the first bytes of a file; they are not copied.
     *
     * @param path where it lies
     * @param size bytes of the whole file
     * @param bytes its first bytes
     */
    public LogHead(Path path, long size, byte[] bytes) {
        this.path = path;
        this.size = size;
        this.bytes = bytes;
        this.kind = FileHead.kind(bytes, bytes.length);
    }

    /** Returns the same head with the names of a JSON object that go on behind it. */
    LogHead withJsonNames(Set<String> names) {
        var whole = new LogHead(path, size, bytes);
        whole.jsonNames = Set.copyOf(names);
        return whole;
    }

    /** Returns where the file lies. Kinds are told by content; a path only helps where a format is a layout of folders. */
    public Path path() {
        return path;
    }

    /** Returns the bytes of the whole file. */
    public long size() {
        return size;
    }

    /** Returns what kind of bytes they are. */
    public FileHead.Kind kind() {
        return kind;
    }

    /** Returns whether it is text, JSON included. */
    public boolean isText() {
        return kind == FileHead.Kind.TEXT || kind == FileHead.Kind.JSON;
    }

    /** Returns the first bytes. Not copied: must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns whether the head begins with bytes. */
    public boolean startsWith(byte[] wanted) {
        return Bytes.startsWith(bytes, 0, bytes.length, wanted);
    }

    /** Returns whether bytes stand anywhere in the head. Much cheaper than a pattern, so ask this first. */
    public boolean contains(byte[] wanted) {
        return Bytes.find(bytes, 0, bytes.length, wanted) >= 0;
    }

    /** Returns the names of the outermost JSON object as far as the head goes; empty if there is none. */
    public Set<String> jsonNames() {
        if (jsonNames == null) {
            int start = FileHead.textStart(bytes, bytes.length);
            jsonNames = kind == FileHead.Kind.JSON ? JsonHead.names(bytes, start, bytes.length) : Set.of();
        }
        return jsonNames;
    }

    /** Returns whether a pattern is found in any of the first bytes, colour codes aside; {@code ^} and {@code $} mean lines. */
    public boolean finds(Pattern line) {
        return line.matcher(text()).find();
    }

    /** Returns the first bytes as text without colour codes, one character a byte. */
    public String text() {
        if (text == null) {
            String all = new String(bytes, StandardCharsets.ISO_8859_1);
            text = all.indexOf('\u001b') < 0 ? all : COLOUR.matcher(all).replaceAll("");
        }
        return text;
    }
}
