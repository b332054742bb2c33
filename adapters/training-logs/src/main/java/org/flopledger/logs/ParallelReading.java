package org.flopledger.logs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads files on several threads and keeps their order. */
final class ParallelReading {

    private final FileDispatch dispatch;
    private final ReadProgress progress;
    private int done;

    ParallelReading(FileDispatch dispatch, ReadProgress progress) {
        this.dispatch = dispatch;
        this.progress = progress;
    }

    /** Returns what came of each file, in the order of the files. */
    List<FileDispatch.Outcome> read(List<FileWalk.Found> files, int threads) {
        var outcomes = new FileDispatch.Outcome[files.size()];
        // The largest first, so that no thread is left alone with a large one at the end.
        int[] order = IntStream.range(0, files.size())
                .boxed()
                .sorted(Comparator.comparingLong(i -> -files.get(i).size()))
                .mapToInt(Integer::intValue)
                .toArray();
        var next = new AtomicInteger();
        Runnable work = () -> {
            for (int i = next.getAndIncrement(); i < order.length; i = next.getAndIncrement()) {
                FileWalk.Found file = files.get(order[i]);
                outcomes[order[i]] = dispatch.read(file.path(), file.bytes(), file.size());
                report(order.length);
            }
        };
        int workers = Math.min(threads, Math.max(1, files.size()));
        if (workers == 1) {
            work.run();
        } else {
            runOnAll(workers, work);
        }
        return Arrays.asList(outcomes);
    }

    private synchronized void report(int files) {
        done++;
        // The files of an archive come to light when it is read.
        progress.onFile(done, Math.max(done, files));
    }

    private static void runOnAll(int workers, Runnable work) {
        ExecutorService pool = Executors.newFixedThreadPool(workers, task -> {
            var thread = new Thread(task, "flopledger-reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var tasks = new ArrayList<Future<?>>();
            for (int i = 0; i < workers; i++) {
                tasks.add(pool.submit(work));
            }
            for (Future<?> task : tasks) {
                task.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("reading was interrupted", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
