package org.flopledger.internal.history;

import java.util.Arrays;

/**
 * The steps one source has reported in one attempt, as intervals of consecutive steps with equal content.
 *
 * <p>Sorted and disjoint; neighbours that touch have different content, so equal sets have equal intervals whatever the
 * order they were added in. Any number of consecutive steps with one content takes 20 bytes. Intervals lie in chunks of at
 * most {@value #CHUNK}, so that an insertion far from the end moves a chunk, not the whole history: O(log n) to find, at
 * most {@value #CHUNK} intervals to move. Confined to one thread.
 */
public final class StepIntervals {

    /** Returned where no step is held. */
    static final int ABSENT = -1;

    private static final int CHUNK = 256;
    private static final int FIRST_CAPACITY = 2;

    /** Receives intervals in ascending order. */
    public interface Visitor {
        void interval(long first, long last, int content);
    }

    private static final class Chunk {
        private long[] first = new long[FIRST_CAPACITY];
        private long[] last = new long[FIRST_CAPACITY];
        private int[] content = new int[FIRST_CAPACITY];
        private int size;

        /** Returns how many intervals begin at or before the step. */
        int beginningUpTo(long step) {
            if (size > 0 && first[size - 1] <= step) {
                return size;
            }
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (first[middle] <= step) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        void insert(int at, long from, long to, int number) {
            if (size == first.length) {
                int capacity = Math.min(CHUNK, 2 * size);
                first = Arrays.copyOf(first, capacity);
                last = Arrays.copyOf(last, capacity);
                content = Arrays.copyOf(content, capacity);
            }
            shift(at, at + 1);
            first[at] = from;
            last[at] = to;
            content[at] = number;
            size++;
        }

        void remove(int at) {
            shift(at + 1, at);
            size--;
        }

        private void shift(int from, int to) {
            System.arraycopy(first, from, first, to, size - from);
            System.arraycopy(last, from, last, to, size - from);
            System.arraycopy(content, from, content, to, size - from);
        }

        /** Cuts off and returns the upper half. */
        Chunk split() {
            Chunk upper = new Chunk();
            int half = size >>> 1;
            upper.first = Arrays.copyOfRange(first, half, half + CHUNK);
            upper.last = Arrays.copyOfRange(last, half, half + CHUNK);
            upper.content = Arrays.copyOfRange(content, half, half + CHUNK);
            upper.size = size - half;
            size = half;
            return upper;
        }
    }

    private Chunk[] chunks = {new Chunk()};
    private int chunkCount = 1;
    private long steps;

    /** Returns how many steps are held. */
    long steps() {
        return steps;
    }

    /** Returns how many intervals are held. */
    public int intervals() {
        int intervals = 0;
        for (int chunk = 0; chunk < chunkCount; chunk++) {
            intervals += chunks[chunk].size;
        }
        return intervals;
    }

    /** Returns the content number of a step, or {@link #ABSENT}. */
    int contentAt(long step) {
        Chunk chunk = chunks[chunkOf(step)];
        int at = chunk.beginningUpTo(step) - 1;
        return at >= 0 && step <= chunk.last[at] ? chunk.content[at] : ABSENT;
    }

    /** Returns whether no step from {@code from} to {@code to}, both included, is held. */
    boolean isFree(long from, long to) {
        Chunk end = chunks[chunkCount - 1];
        if (end.size > 0 && end.last[end.size - 1] < from) {
            // Nearly always: steps come in order.
            return true;
        }
        int chunkNumber = chunkOf(to);
        Chunk chunk = chunks[chunkNumber];
        int at = chunk.beginningUpTo(to) - 1;
        return at < 0 || chunk.last[at] < from;
    }

    /** Adds the steps from {@code from} to {@code to}, both included, none of which may be held. */
    public void add(long from, long to, int content) {
        assert from <= to && isFree(from, to) : from + ".." + to;
        steps += to - from + 1;
        int number = chunkOf(from);
        Chunk chunk = chunks[number];
        int at = chunk.beginningUpTo(from);
        boolean joinsLeft = at > 0 && chunk.last[at - 1] == from - 1 && chunk.content[at - 1] == content;
        // The right neighbour may open the next chunk.
        boolean inNext = at == chunk.size && number + 1 < chunkCount;
        Chunk rightChunk = inNext ? chunks[number + 1] : chunk;
        int right = inNext ? 0 : at;
        boolean joinsRight =
                right < rightChunk.size && rightChunk.first[right] - 1 == to && rightChunk.content[right] == content;
        if (joinsLeft && joinsRight) {
            chunk.last[at - 1] = rightChunk.last[right];
            rightChunk.remove(right);
            if (rightChunk.size == 0) {
                removeChunk(number + 1);
            }
        } else if (joinsLeft) {
            chunk.last[at - 1] = to;
        } else if (joinsRight) {
            rightChunk.first[right] = from;
        } else {
            insert(number, at, from, to, content);
        }
    }

    private void insert(int number, int at, long from, long to, int content) {
        Chunk chunk = chunks[number];
        if (chunk.size < CHUNK) {
            chunk.insert(at, from, to, content);
        } else if (at == CHUNK && number + 1 == chunkCount) {
            // Ascending steps fill their chunks.
            Chunk next = new Chunk();
            next.insert(0, from, to, content);
            insertChunk(number + 1, next);
        } else {
            Chunk upper = chunk.split();
            insertChunk(number + 1, upper);
            if (at <= chunk.size) {
                chunk.insert(at, from, to, content);
            } else {
                upper.insert(at - chunk.size, from, to, content);
            }
        }
    }

    /** Visits the parts of the intervals that lie from {@code from} to {@code to}, both included. */
    public void forEach(long from, long to, Visitor visitor) {
        int number = chunkOf(from);
        int at = Math.max(0, chunks[number].beginningUpTo(from) - 1);
        for (; number < chunkCount; number++, at = 0) {
            Chunk chunk = chunks[number];
            for (; at < chunk.size; at++) {
                if (chunk.first[at] > to) {
                    return;
                }
                if (chunk.last[at] >= from) {
                    visitor.interval(Math.max(from, chunk.first[at]), Math.min(to, chunk.last[at]), chunk.content[at]);
                }
            }
        }
    }

    /** Returns the last chunk that begins at or before the step, or the first chunk. */
    private int chunkOf(long step) {
        int low = 0;
        int high = chunkCount - 1;
        if (chunks[high].size == 0 || chunks[high].first[0] <= step) {
            return high;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks[middle].first[0] <= step) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void insertChunk(int at, Chunk chunk) {
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, 2 * chunkCount);
        }
        System.arraycopy(chunks, at, chunks, at + 1, chunkCount - at);
        chunks[at] = chunk;
        chunkCount++;
    }

    private void removeChunk(int at) {
        System.arraycopy(chunks, at + 1, chunks, at, chunkCount - at - 1);
        // The freed place must not keep the removed chunk alive.
        chunks[--chunkCount] = chunks[0];
    }
}
