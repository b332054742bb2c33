package org.flopledger.jmh;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;
import org.flopledger.ComputeLedger;
import org.flopledger.collector.Collector;
import org.flopledger.collector.CollectorLimits;
import org.flopledger.jmh.journal.StoreTiming;

/**
 * Steps posted to the collector, each request acknowledged when it is on the disk, beside the same requests to {@link SqliteCollector};
 * and far more writers than the collector has room for.
 */
final class CollectorParts {

    /** Steps of a request. */
    static final int REQUEST_STEPS = 100;

    private static final int[] WRITERS = {1, 8, 64};
    private static final double NANOS = 1e9;
    static final CollectorLimits WIDE =
            new CollectorLimits(16 << 20, 128L << 20, 256, 1_024, 8, 1_000_000, Duration.ofSeconds(60));
    static final CollectorLimits NARROW =
            new CollectorLimits(64 << 10, 512 << 10, 8, 1_024, 8, 1_000_000, Duration.ofSeconds(60));

    private final Results results;
    private final double seconds;

    private CollectorParts(Scale scale, Results results) {
        this.results = results;
        seconds = scale.equals(Scale.QUICK) ? 1.5 : 6;
    }

    static void run(Scale scale, Results results) throws Exception {
        CollectorParts parts = new CollectorParts(scale, results);
        parts.results.figure("collector.requestSteps", REQUEST_STEPS);
        // Once for nothing: both sides compile.
        parts.ours(8, WIDE);
        parts.sqlite(8);
        for (int writers : WRITERS) {
            double ours = parts.told("collector", writers, parts.ours(writers, WIDE));
            double sqlite = parts.told("collectorSqlite", writers, parts.sqlite(writers));
            results.ratio("collector.sqlite." + writers, ours / sqlite);
        }
        Load overload = parts.ours(80, NARROW);
        results.figure(
                "collector.overload.refusedShare",
                (double) overload.refused / (overload.refused + overload.acknowledged));
        long acknowledged = overload.acknowledged * REQUEST_STEPS;
        results.figure("collector.overload.acknowledged", (double) acknowledged);
        results.figure("collector.overload.acknowledgedAndLost", (double) (acknowledged - overload.held));
        results.figure("collector.overload.heapMegabytes", overload.heapMegabytes);
    }

    private double told(String key, int writers, Load load) {
        if (load.held < load.acknowledged * REQUEST_STEPS || load.failed > 0) {
            throw new IllegalStateException(key + " holds " + load.held + " steps, acknowledged "
                    + load.acknowledged * REQUEST_STEPS + ", and failed " + load.failed + " requests");
        }
        double rate = load.acknowledged * REQUEST_STEPS / load.seconds;
        results.figure(key + ".stepsPerSecond." + writers, rate);
        results.figure(key + ".p99Millis." + writers, load.latency.getValueAtPercentile(99) / 1e6);
        return rate;
    }

    /** What writers saw, and what is held after. */
    record Load(
            long acknowledged,
            long refused,
            long failed,
            long held,
            double seconds,
            Histogram latency,
            double heapMegabytes) {}

    private Load ours(int writers, CollectorLimits limits) throws Exception {
        return ours(writers, limits, seconds);
    }

    static Load ours(int writers, CollectorLimits limits, double seconds) throws Exception {
        Path directory = StoreTiming.newDirectory();
        try (ComputeLedger ledger =
                ComputeLedger.open(directory.resolve("ledger")).start()) {
            Load load;
            try (Collector collector =
                    Collector.of(ledger).port(0).limits(limits).start()) {
                load = load(collector.port(), writers, seconds);
            }
            return held(load, ledger.totals("orion").totals().observations());
        } finally {
            StoreTiming.delete(directory);
        }
    }

    private Load sqlite(int writers) throws Exception {
        return sqlite(writers, seconds);
    }

    static Load sqlite(int writers, double seconds) throws Exception {
        Path directory = StoreTiming.newDirectory();
        try (SqliteCollector collector = new SqliteCollector(directory)) {
            return held(load(collector.port(), writers, seconds), collector.steps());
        } finally {
            StoreTiming.delete(directory);
        }
    }

    private static Load held(Load load, long held) {
        return new Load(
                load.acknowledged, load.refused, load.failed, held, load.seconds, load.latency, load.heapMegabytes);
    }

    private static Load load(int port, int writers, double seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        long begun = System.nanoTime();
        try {
            List<Future<Load>> sent = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String source = "rank-" + writer;
                sent.add(threads.submit(() -> write(client, port, source, begun + (long) (seconds * NANOS))));
            }
            Histogram latency = new Histogram(3);
            long acknowledged = 0;
            long refused = 0;
            long failed = 0;
            for (Future<Load> each : sent) {
                Load load = each.get();
                acknowledged += load.acknowledged;
                refused += load.refused;
                failed += load.failed;
                latency.add(load.latency);
            }
            double took = (System.nanoTime() - begun) / NANOS;
            Runtime heap = Runtime.getRuntime();
            return new Load(
                    acknowledged, refused, failed, 0, took, latency, (heap.totalMemory() - heap.freeMemory()) / 1e6);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Load write(HttpClient client, int port, String source, long end) throws Exception {
        Histogram latency = new Histogram(3);
        long acknowledged = 0;
        long refused = 0;
        long failed = 0;
        URI uri = URI.create("http://127.0.0.1:" + port + "/v1/steps");
        for (long first = 0; System.nanoTime() < end; first += REQUEST_STEPS) {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofString(lines(source, first)))
                    .build();
            long begun = System.nanoTime();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status == 200) {
                latency.recordValue(System.nanoTime() - begun);
                acknowledged++;
            } else if (status == 503 || status == 429) {
                refused++;
            } else {
                failed++;
            }
        }
        return new Load(acknowledged, refused, failed, 0, 0, latency, 0);
    }

    private static String lines(String source, long first) {
        StringBuilder lines = new StringBuilder();
        for (long step = first; step < first + REQUEST_STEPS; step++) {
            lines.append("{\"v\":1,\"run\":\"orion\",\"attempt\":0,\"step\":")
                    .append(step)
                    .append(",\"source\":\"")
                    .append(source)
                    .append("\",\"stage\":\"PRETRAINING\",\"model\":\"orion\",\"tokens\":524288,\"sequences\":128,"
                            + "\"squared_lengths\":2147483648}\n");
        }
        return lines.toString();
    }
}
