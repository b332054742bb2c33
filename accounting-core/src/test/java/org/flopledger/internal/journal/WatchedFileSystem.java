package org.flopledger.internal.journal;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The default file system, watched: it notes what reaches it and can refuse, so that the code that writes real files is tested
 * as it is. Paths of it are the default ones in a coat.
 */
public final class WatchedFileSystem extends FileSystemProvider {

    /** Sees each call first; throws to refuse it. */
    public interface Watcher {
        /** Sees a call, such as {@code force}, of a file. */
        void call(String what, Path path) throws IOException;
    }

    private static final int MOST_CALLS = 10_000;

    private final FileSystem real;
    private final FileSystemProvider provider;
    private final FileSystem coat;
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private volatile Watcher watcher = (what, path) -> {};

    /** Puts a coat on a file system. */
    public WatchedFileSystem(FileSystem real) {
        this.real = real;
        provider = real.provider();
        coat = new Coat();
    }

    /** Returns a path of this file system. */
    public Path path(Path path) {
        return coated(path);
    }

    /** Returns what was called so far, each as {@code call name}, and forgets it. */
    public List<String> takeCalls() {
        synchronized (calls) {
            List<String> all = List.copyOf(calls);
            calls.clear();
            return all;
        }
    }

    /** Has a watcher see the calls from now on. */
    public void watch(Watcher other) {
        watcher = other;
    }

    private void note(String what, Path path) throws IOException {
        if (calls.size() < MOST_CALLS) {
            calls.add(what + " " + path.getFileName());
        }
        watcher.call(what, path);
    }

    private Path coated(Path path) {
        return (Path) Proxy.newProxyInstance(
                WatchedFileSystem.class.getClassLoader(),
                new Class<?>[] {Path.class, Uncoated.class},
                new PathCoat(path));
    }

    /** A path in a coat gives the path within. */
    interface Uncoated {
        Path uncoated();
    }

    private static Path bare(Path path) {
        return path instanceof Uncoated coat ? coat.uncoated() : path;
    }

    private final class PathCoat implements InvocationHandler {
        private final Path path;

        PathCoat(Path path) {
            this.path = path;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("uncoated")) {
                return path;
            }
            if (method.getName().equals("getFileSystem")) {
                return coat;
            }
            Object[] bare = arguments == null ? new Object[0] : arguments.clone();
            for (int i = 0; i < bare.length; i++) {
                bare[i] = bare[i] instanceof Path argument ? bare(argument) : bare[i];
            }
            try {
                Object result = method.invoke(path, bare);
                return result instanceof Path made ? coated(made) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private final class Coat extends FileSystem {
        @Override
        public FileSystemProvider provider() {
            return WatchedFileSystem.this;
        }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return real.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return List.of();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return List.of();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return real.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return coated(real.getPath(first, more));
        }

        @Override
        public java.nio.file.PathMatcher getPathMatcher(String syntax) {
            return real.getPathMatcher(syntax);
        }

        @Override
        public java.nio.file.attribute.UserPrincipalLookupService getUserPrincipalLookupService() {
            return real.getUserPrincipalLookupService();
        }

        @Override
        public java.nio.file.WatchService newWatchService() {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public String getScheme() {
        return "watched";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return coat;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        note(options.contains(LinkOption.NOFOLLOW_LINKS) ? "open" : "openFollowing", path);
        return new WatchedChannel(provider.newFileChannel(bare(path), options, attributes), path);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> stream = provider.newDirectoryStream(bare(directory), path -> true);
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                List<Path> all = new ArrayList<>();
                stream.forEach(path -> all.add(coated(path)));
                return all.iterator();
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        note("createDirectory", directory);
        provider.createDirectory(bare(directory), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
        note("delete", path);
        provider.delete(bare(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSameFile(Path a, Path b) throws IOException {
        return provider.isSameFile(bare(a), bare(b));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return provider.isHidden(bare(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return provider.getFileStore(bare(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        provider.checkAccess(bare(path), modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return provider.getFileAttributeView(bare(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return provider.readAttributes(bare(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return provider.readAttributes(bare(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, @Nullable Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    private final class WatchedChannel extends FileChannel {
        private final FileChannel channel;
        private final Path path;

        WatchedChannel(FileChannel channel, Path path) {
            this.channel = channel;
            this.path = path;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            return channel.read(targets, offset, length);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            note("write", path);
            return channel.write(source);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            note("write", path);
            return channel.write(sources, offset, length);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            note("write", path);
            return channel.write(source, position);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            channel.position(newPosition);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            note("truncate", path);
            channel.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            note("force", path);
            channel.force(metaData);
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return channel.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            return channel.transferFrom(source, position, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return channel.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            note("lock", path);
            return channel.lock(position, size, shared);
        }

        @Override
        public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
            note("lock", path);
            return channel.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }
}
