package org.flopledger.internal.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk behind a cache, as a file system shows it: what is written is seen at once and lasts only after a flush. A crash
 * keeps any part of what was not flushed, sector by sector, in any order. A flush that fails drops the sectors it had to
 * write, forgets that they are missing, and goes on showing them from the cache until the crash.
 *
 * <p>Everything random comes from one seed.
 */
final class SimulatedDisk implements Storage {

    private static final int SECTOR = 64;

    /** The disk refuses, or the machine has gone down. */
    static final class Fault extends IOException {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message);
        }
    }

    private static final class Content {
        private byte[] disk = new byte[0];
        private byte[] cache = new byte[0];
        private final BitSet dirty = new BitSet();
    }

    private final Random random;
    private Map<String, Content> names = new TreeMap<>();
    private Map<String, Content> durableNames = new TreeMap<>();
    private int callsUntilFault = Integer.MAX_VALUE;
    private int callsUntilCrash = Integer.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private boolean isDown;
    private boolean flushesLie;
    private int forces;

    /** Which process of the machine runs: threads of those before it may still be about, and reach nothing any more. */
    private int process;

    private volatile Consumer<String> beforeCall = what -> {};

    SimulatedDisk(long seed) {
        random = new Random(seed);
    }

    /** The call that many calls from now fails. */
    synchronized SimulatedDisk failAfter(int calls) {
        callsUntilFault = calls;
        return this;
    }

    /** The machine goes down during the call that many calls from now. */
    synchronized SimulatedDisk crashAfter(int calls) {
        callsUntilCrash = calls;
        return this;
    }

    /** Files may hold that many bytes altogether. */
    synchronized SimulatedDisk capacity(long bytes) {
        capacity = bytes;
        return this;
    }

    /** Flushes return at once and do nothing: a disk, or a journal, that acknowledges too early. */
    SimulatedDisk lyingFlushes() {
        flushesLie = true;
        return this;
    }

    /** Has a listener called before each write, flush and creation of a file, outside of all locks of the disk; it may wait. */
    void beforeCall(Consumer<String> listener) {
        beforeCall = listener;
    }

    int forces() {
        return forces;
    }

    /** Whether the machine went down on its own. */
    synchronized boolean isDown() {
        return isDown;
    }

    /** The machine goes down now, if it is not down, and comes up again with what the disk holds, free of faults. */
    synchronized void crashAndRestart() {
        for (Content content : allContents()) {
            keepSome(content);
        }
        // Names that were not flushed reach the disk, or not, each on its own.
        Map<String, Content> survivors = new TreeMap<>(durableNames);
        names.forEach((name, content) -> {
            if (random.nextBoolean()) {
                survivors.put(name, content);
            }
        });
        for (String name : durableNames.keySet()) {
            if (!names.containsKey(name) && random.nextBoolean()) {
                survivors.remove(name);
            }
        }
        names = survivors;
        durableNames = new TreeMap<>(survivors);
        restart();
    }

    /** The process dies and another begins: the cache stays as it is. */
    synchronized void restart() {
        process++;
        isDown = false;
        callsUntilCrash = Integer.MAX_VALUE;
        callsUntilFault = Integer.MAX_VALUE;
        capacity = Long.MAX_VALUE;
    }

    /** Returns this disk as the process sees it that runs now; once it has died it sees nothing more. */
    synchronized Storage ofThisProcess() {
        return new OfProcess(process);
    }

    private void requireAlive(int caller) throws Fault {
        if (caller != process) {
            throw new Fault("the process is dead");
        }
    }

    private final class OfProcess implements Storage {

        private final int caller;

        OfProcess(int caller) {
            this.caller = caller;
        }

        @Override
        public List<String> names() throws IOException {
            synchronized (SimulatedDisk.this) {
                requireAlive(caller);
                return SimulatedDisk.this.names();
            }
        }

        @Override
        public long size(String name) throws IOException {
            synchronized (SimulatedDisk.this) {
                requireAlive(caller);
                return SimulatedDisk.this.size(name);
            }
        }

        @Override
        public int read(String name, long position, byte[] target, int offset, int length) throws IOException {
            synchronized (SimulatedDisk.this) {
                requireAlive(caller);
                return SimulatedDisk.this.read(name, position, target, offset, length);
            }
        }

        @Override
        public WritableFile create(String name) throws IOException {
            beforeCall.accept("create");
            synchronized (SimulatedDisk.this) {
                requireAlive(caller);
                return created(name);
            }
        }

        @Override
        public WritableFile open(String name, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                requireAlive(caller);
                return SimulatedDisk.this.open(name, position);
            }
        }

        @Override
        public void delete(String name) throws IOException {
            synchronized (SimulatedDisk.this) {
                requireAlive(caller);
                SimulatedDisk.this.delete(name);
            }
        }

        @Override
        public void forceNames() throws IOException {
            synchronized (SimulatedDisk.this) {
                requireAlive(caller);
                SimulatedDisk.this.forceNames();
            }
        }
    }

    private List<Content> allContents() {
        List<Content> contents = new ArrayList<>(names.values());
        for (Content content : durableNames.values()) {
            if (contents.stream().noneMatch(known -> known.equals(content))) {
                contents.add(content);
            }
        }
        return contents;
    }

    /** Some dirty sectors reach the disk, others do not; the length lies anywhere between. */
    private void keepSome(Content content) {
        int shorter = Math.min(content.disk.length, content.cache.length);
        int longer = Math.max(content.disk.length, content.cache.length);
        int length = content.dirty.isEmpty() && shorter == longer
                ? longer
                : shorter + (longer == shorter ? 0 : random.nextInt(longer - shorter + 1));
        byte[] kept = Arrays.copyOf(content.disk, length);
        for (int sector = content.dirty.nextSetBit(0); sector >= 0; sector = content.dirty.nextSetBit(sector + 1)) {
            if (random.nextBoolean()) {
                copySector(content.cache, kept, sector);
            }
        }
        content.disk = kept;
        content.cache = kept.clone();
        content.dirty.clear();
    }

    private static void copySector(byte[] from, byte[] to, int sector) {
        int start = sector * SECTOR;
        int end = Math.min(Math.min(from.length, to.length), start + SECTOR);
        if (start < end) {
            System.arraycopy(from, start, to, start, end - start);
        }
    }

    private void call(String what) throws IOException {
        if (isDown) {
            throw new Fault("the machine is down");
        }
        if (callsUntilCrash-- <= 0) {
            isDown = true;
            throw new Fault("the machine goes down during " + what);
        }
        if (callsUntilFault-- <= 0) {
            callsUntilFault = Integer.MAX_VALUE;
            throw new Fault(what + " fails");
        }
    }

    private Content existing(String name) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return content;
    }

    /** Changes one byte of a file, on the disk and in the cache. */
    void flip(String name, long offset, int bits) {
        Content content = names.get(name);
        if (content == null) {
            throw new IllegalArgumentException(name);
        }
        content.cache[(int) offset] ^= (byte) bits;
        content.disk = content.cache.clone();
    }

    /** Returns a copy of what a file shows. */
    byte[] bytes(String name) {
        Content content = names.get(name);
        if (content == null) {
            throw new IllegalArgumentException(name);
        }
        return content.cache.clone();
    }

    /** Puts a file there, flushed. */
    void put(String name, byte[] bytes) {
        Content content = new Content();
        content.cache = bytes.clone();
        content.disk = bytes.clone();
        names.put(name, content);
        durableNames.put(name, content);
    }

    @Override
    public synchronized List<String> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized long size(String name) throws IOException {
        return existing(name).cache.length;
    }

    @Override
    public synchronized int read(String name, long position, byte[] target, int offset, int length) throws IOException {
        byte[] bytes = existing(name).cache;
        int count = Math.max(0, (int) Math.min(length, bytes.length - position));
        System.arraycopy(bytes, (int) position, target, offset, count);
        return count;
    }

    @Override
    public WritableFile create(String name) throws IOException {
        beforeCall.accept("create");
        return created(name);
    }

    private synchronized WritableFile created(String name) throws IOException {
        call("create");
        if (names.containsKey(name)) {
            throw new IOException(name + " exists");
        }
        Content content = new Content();
        names.put(name, content);
        return new File(content, 0);
    }

    @Override
    public synchronized WritableFile open(String name, long position) throws IOException {
        return new File(existing(name), (int) position);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        call("delete");
        existing(name);
        names.remove(name);
    }

    @Override
    public synchronized void forceNames() throws IOException {
        call("forceNames");
        if (!flushesLie) {
            durableNames = new TreeMap<>(names);
        }
    }

    private final class File implements WritableFile {
        private final Content content;
        private final int owner = process;
        private int position;

        File(Content content, int position) {
            this.content = content;
            this.position = position;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            beforeCall.accept("write");
            synchronized (SimulatedDisk.this) {
                writeNow(bytes, offset, length);
            }
        }

        private void writeNow(byte[] bytes, int offset, int length) throws IOException {
            requireAlive(owner);
            try {
                call("write");
                long used = allContents().stream()
                        .mapToLong(file -> file.cache.length)
                        .sum();
                if (used + position + length - content.cache.length > capacity) {
                    throw new Fault("no space left on device");
                }
            } catch (Fault fault) {
                if (!isDown || callsUntilCrash == -1) {
                    put(bytes, offset, random.nextInt(length + 1));
                }
                throw fault;
            }
            put(bytes, offset, length);
        }

        private void put(byte[] bytes, int offset, int length) {
            if (position + length > content.cache.length) {
                content.cache = Arrays.copyOf(content.cache, position + length);
            }
            System.arraycopy(bytes, offset, content.cache, position, length);
            if (length > 0) {
                content.dirty.set(position / SECTOR, (position + length - 1) / SECTOR + 1);
            }
            position += length;
        }

        @Override
        public void cut() throws IOException {
            synchronized (SimulatedDisk.this) {
                requireAlive(owner);
                call("cut");
                content.cache = Arrays.copyOf(content.cache, position);
            }
        }

        @Override
        public void force() throws IOException {
            beforeCall.accept("force");
            synchronized (SimulatedDisk.this) {
                forceNow();
            }
        }

        private void forceNow() throws IOException {
            requireAlive(owner);
            forces++;
            try {
                call("force");
            } catch (Fault fault) {
                byte[] shown = content.cache;
                keepSome(content);
                content.cache = shown;
                throw fault;
            }
            if (!flushesLie) {
                content.disk = content.cache.clone();
                content.dirty.clear();
            }
        }

        @Override
        public void close() {
            // Closing flushes nothing.
        }
    }
}
