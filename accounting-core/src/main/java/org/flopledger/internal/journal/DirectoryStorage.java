package org.flopledger.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of a directory of the file system. */
final class DirectoryStorage implements Storage {

    /** The JDK copies what it writes from an array through a native buffer of the same size, which it then keeps. */
    private static final int PIECE = 1 << 20;

    private final Path directory;

    DirectoryStorage(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes a directory that is not there, for its owner only, and any above it; returns when their names are on the disk.
     *
     * @throws IOException if it cannot be made, or is a file
     */
    static void make(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path parent = absolute.getParent();
        if (Files.isDirectory(absolute) || parent == null) {
            return;
        }
        if (!Files.isDirectory(parent)) {
            make(parent);
        }
        Files.createDirectory(absolute, OwnerOnly.directory(absolute));
        force(parent);
    }

    private static void force(Path directory) throws IOException {
        // A directory opened for reading can be forced on Linux and macOS.
        boolean unused = UninterruptedFile.uninterrupted(() -> {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
                return true;
            }
        });
    }

    /** Opens a file of the directory itself: a link to another file is refused. */
    static FileChannel open(Path file, StandardOpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(List.of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, all, OwnerOnly.file(file));
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(directory.resolve(name));
    }

    @Override
    public int read(String name, long position, byte[] target, int offset, int length) throws IOException {
        return UninterruptedFile.uninterrupted(() -> readOnce(name, position, target, offset, length));
    }

    private int readOnce(String name, long position, byte[] target, int offset, int length) throws IOException {
        try (FileChannel channel = open(directory.resolve(name), StandardOpenOption.READ)) {
            int total = 0;
            while (total < length) {
                ByteBuffer piece = ByteBuffer.wrap(target, offset + total, Math.min(PIECE, length - total));
                int read = channel.read(piece, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }
    }

    @Override
    public WritableFile create(String name) throws IOException {
        Path file = directory.resolve(name);
        return new UninterruptedFile(file, open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 0);
    }

    @Override
    public WritableFile open(String name, long position) throws IOException {
        Path file = directory.resolve(name);
        return new UninterruptedFile(file, open(file, StandardOpenOption.WRITE), position);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void forceNames() throws IOException {
        force(directory);
    }
}
