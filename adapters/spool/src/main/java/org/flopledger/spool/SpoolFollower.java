package org.flopledger.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.flopledger.ComputeLedger;

/**
 * Reads the lines that trainers append to the files of a folder into a ledger, each time {@link #poll} is called.
 *
 * <p>Files are those named {@code *.jsonl}, and what a rotation made of them, {@code *.jsonl.1}, {@code *.jsonl-20261121}. A file is
 * known by its identity in the file system, so that one that is renamed is read on. A line counts when its end is there.
 *
 * <p>How far each file was read is known only while the follower lives: the next one begins at the beginning, and the ledger takes
 * out what it holds (decision 0038). Confined to one thread.
 */
public final class SpoolFollower implements AutoCloseable {

    private static final Pattern NAMES = Pattern.compile(".+\\.jsonl([.-][0-9][0-9A-Za-z:_-]*)?");
    private static final Pattern PACKED = Pattern.compile(".+\\.jsonl.*\\.(gz|bz2|xz|zst)");
    private static final int MOST_FILES = 100_000;

    private final Path folder;
    private final StepLines lines;
    private Map<Object, FollowedFile> files = new HashMap<>();
    private final Set<String> unread = new TreeSet<>();

    /**
     * Makes a follower of a folder, which need not be there yet.
     *
     * @param ledger receives the steps; stays the caller's to close
     */
    public SpoolFollower(Path folder, ComputeLedger ledger) {
        this.folder = folder;
        this.lines = new StepLines(ledger);
    }

    /**
     * Reads what was appended since the last call, and returns when the ledger has it, a durable one on its disk.
     *
     * @return whether anything was appended
     * @throws UncheckedIOException if the folder or a file cannot be read; what is in the ledger stays there
     * @throws org.flopledger.LedgerException if the ledger cannot go on
     */
    public boolean poll() {
        boolean hasRead = false;
        Map<Object, FollowedFile> present = new HashMap<>();
        try {
            for (Path path : paths()) {
                hasRead |= read(path, present);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // What is gone is forgotten: its identity may be given to another file.
        files = present;
        lines.flush();
        return hasRead;
    }

    private List<Path> paths() throws IOException {
        List<Path> paths = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return paths;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                String name = String.valueOf(path.getFileName());
                if (PACKED.matcher(name).matches()) {
                    unread.add(name);
                } else if (NAMES.matcher(name).matches()) {
                    paths.add(path);
                }
                if (paths.size() > MOST_FILES) {
                    throw new IOException("the folder has more than " + MOST_FILES + " spool files");
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        paths.sort(null);
        return paths;
    }

    private boolean read(Path path, Map<Object, FollowedFile> present) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                unread.add(String.valueOf(path.getFileName()));
                return false;
            }
            Object key = attributes.fileKey() == null ? path : attributes.fileKey();
            try (FileChannel channel =
                    FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                FollowedFile file = files.get(key);
                if (file == null) {
                    file = new FollowedFile(lines, String.valueOf(path.getFileName()));
                }
                present.put(key, file);
                return file.read(channel, lines);
            }
        } catch (NoSuchFileException e) {
            // Renamed since the folder was listed: the next call finds it under its new name, and reads it on or again.
            return false;
        }
    }

    /** Returns what became of all lines so far. */
    public LineTotals totals() {
        return lines.totals();
    }

    /** Returns the names of files that look like spool files and were not read: compressed ones, links, folders. */
    public Set<String> unread() {
        return Set.copyOf(unread);
    }

    /** Returns how many bytes stand in the files after their last line end: lines that are being written, or were cut off. */
    public long unended() {
        return files.values().stream().mapToLong(FollowedFile::unended).sum();
    }

    /** Frees what was not taken in; the ledger stays open. */
    @Override
    public void close() {
        lines.close();
    }
}
