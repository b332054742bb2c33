package org.flopledger;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.flopledger.telemetry.StepRecorder;

/**
 * Attempts of a run that follow from each other: the first was asked for, each other began when a step number went back.
 *
 * <p>What goes back is what one thread records as one source. A smaller step number than its last begins its next attempt,
 * and where another thread or source has begun that already, joins it. One that has not come as far as where the next attempt
 * began, and then records a step from there on, has gone back without a trace, and joins it too. The same number once more
 * is a repeat, not a way back. Thread-safe.
 */
final class AttemptLine {

    private final RunAttempts run;
    private final Map<String, StepRecorder.Run> handles = new ConcurrentHashMap<>(1);
    private final Map<String, SourceTracks> tracks = new ConcurrentHashMap<>(1);
    private final int first;
    private int[] attempts;
    private long[] starts = {Long.MIN_VALUE};

    AttemptLine(RunAttempts run, int first) {
        this.run = run;
        this.first = first;
        attempts = new int[] {first};
    }

    /** Returns the attempt that was asked for. */
    int first() {
        return first;
    }

    /** Returns the attempt that began last. */
    synchronized int last() {
        return attempts[attempts.length - 1];
    }

    /** Returns the run whose attempts these are. */
    RunAttempts run() {
        return run;
    }

    /** Returns the handle of a source, made the first time. */
    StepRecorder.Run handle(String source, Function<StepRecorder.Attempts, StepRecorder.Run> maker) {
        return handles.computeIfAbsent(
                source, name -> maker.apply(tracks.computeIfAbsent(name, track -> new SourceTracks(this))));
    }

    synchronized int attempt(int place) {
        return attempts[place];
    }

    /** Returns the place of the attempt of a step. */
    synchronized int place(int place, long last, long step) {
        int found = place;
        if (step < last) {
            found++;
            if (found == attempts.length) {
                attempts = Arrays.copyOf(attempts, found + 1);
                starts = Arrays.copyOf(starts, found + 1);
                attempts[found] = run.begin(last, step);
                starts[found] = step;
            }
            starts[found] = Math.min(starts[found], step);
            return found;
        }
        long reached = last;
        while (found + 1 < attempts.length && reached < starts[found + 1] && step >= starts[found + 1]) {
            found++;
            reached = Long.MIN_VALUE;
        }
        return found;
    }

    /** Where each thread is that records as one source. Confined to whoever takes the steps. */
    private static final class SourceTracks implements StepRecorder.Attempts {

        private static final int MOST_THREADS = 64;

        private final AttemptLine line;
        private long[] threads = new long[1];
        private long[] lasts = new long[1];
        private int[] places = new int[1];
        private int count;
        private int evicted;

        SourceTracks(AttemptLine line) {
            this.line = line;
        }

        @Override
        public int attemptOf(long thread, long step) {
            int at = find(thread);
            if (step >= 0) {
                // A negative one is rejected, and says nothing of where its thread is.
                places[at] = line.place(places[at], lasts[at], step);
                lasts[at] = step;
            }
            return line.attempt(places[at]);
        }

        private int find(long thread) {
            for (int at = 0; at < count; at++) {
                if (threads[at] == thread) {
                    return at;
                }
            }
            int at = count;
            if (count == MOST_THREADS) {
                at = evicted++ % MOST_THREADS;
            } else {
                count++;
                if (at == threads.length) {
                    threads = Arrays.copyOf(threads, 2 * at);
                    lasts = Arrays.copyOf(lasts, 2 * at);
                    places = Arrays.copyOf(places, 2 * at);
                }
            }
            threads[at] = thread;
            lasts[at] = Long.MIN_VALUE;
            places[at] = 0;
            return at;
        }
    }
}
