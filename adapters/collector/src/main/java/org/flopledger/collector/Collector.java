package org.flopledger.collector;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.flopledger.ComputeLedger;
import org.jspecify.annotations.Nullable;

/**
 * A server that takes steps into a ledger ({@code POST /v1/steps}), says how it stands ({@code /metrics}, {@code /health}, {@code
 * /ready}) and shows what runs have cost ({@code /}).
 *
 * <p>Without a token it listens to this machine alone. It does not encrypt: beyond a trusted network it belongs behind a proxy that
 * does. Thread-safe.
 */
public final class Collector implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Collector.class.getName());
    private static final int SHORTEST_TOKEN = 16;
    private static final int MOST_THREADS = 100;
    private static final int HEADER_BYTES = 8 << 10;
    private static final long STOP_MILLIS = 10_000;

    private final Server server;
    private final ServerConnector connector;
    private final Door door;
    private final Viewers viewers;
    private final RunBoard board;
    private final ThreadPoolExecutor workers;
    private final ScheduledExecutorService ticker;
    private volatile int port;

    private Collector(Builder builder) {
        CollectorLimits limits = builder.limits;
        Counters counters = new Counters();
        Deadlines deadlines = new Deadlines(limits.patience().toNanos(), System::nanoTime);
        board = new RunBoard(builder.ledger, builder.peakFlopPerSecond);
        viewers = new Viewers(board, limits.viewers());
        // Many wait for one flush of the disk, so that there are more of them than processors.
        int threads = Math.min(limits.openRequests(), MOST_THREADS);
        workers = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(limits.openRequests()));
        workers.allowCoreThreadTimeOut(true);
        ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "flopledger-collector");
            thread.setDaemon(true);
            return thread;
        });
        door = new Door(builder.ledger, limits, new Gate(builder.token), deadlines, counters, board, viewers, workers);
        server = new Server(new QueuedThreadPool(MOST_THREADS, 4));
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
        connector.setHost(builder.host);
        connector.setPort(builder.port);
        connector.setIdleTimeout(2 * limits.patience().toMillis());
        connector.setAcceptQueueSize(limits.connections());
        connector.addBean(deadlines);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        server.setHandler(new GracefulHandler(door));
        server.setStopTimeout(STOP_MILLIS);
        long every = Math.max(1, Math.min(1_000, limits.patience().toMillis() / 4));
        var unusedSweeps = ticker.scheduleWithFixedDelay(
                () -> quietly(() -> counters.closedLate(deadlines.sweep())), every, every, TimeUnit.MILLISECONDS);
        var unusedLooks =
                ticker.scheduleWithFixedDelay(() -> quietly(this::look), 0, builder.lookMillis, TimeUnit.MILLISECONDS);
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setRequestHeaderSize(HEADER_BYTES);
        configuration.setUriCompliance(UriCompliance.RFC3986);
        return configuration;
    }

    private void look() {
        board.refresh();
        viewers.push();
    }

    /** A ledger that has failed or is being closed cannot be looked at; the requests are told. */
    private static void quietly(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the page shows an earlier state: " + e.getMessage());
        }
    }

    /** Begins a collector for a ledger, which stays the caller's to close, after the collector. */
    public static Builder of(ComputeLedger ledger) {
        return new Builder(ledger);
    }

    /** Returns the port that it listens to. */
    public int port() {
        return port;
    }

    /** Refuses new steps, waits for those that are being taken in, at most ten seconds, and ends. */
    @Override
    public void close() {
        door.beginClosing();
        ticker.shutdownNow();
        viewers.close();
        try {
            stopServer();
            workers.shutdown();
            if (!workers.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "requests were still being taken in; they were not acknowledged");
            }
            ticker.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopServer() throws InterruptedException {
        try {
            server.stop();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // It is stopped all the same: some answers took longer than it waits.
            LOG.log(System.Logger.Level.WARNING, "connections were cut: " + e);
        }
    }

    /** Collects what a collector needs. Not thread-safe. */
    public static final class Builder {

        private static final int PORT = 4319;

        private final ComputeLedger ledger;
        private CollectorLimits limits = CollectorLimits.DEFAULT;
        private String host = "127.0.0.1";
        private int port = PORT;
        private @Nullable String token;
        private @Nullable Double peakFlopPerSecond;
        private long lookMillis = 1_000;

        private Builder(ComputeLedger ledger) {
            this.ledger = ledger;
        }

        /** Listens to this address; {@code 127.0.0.1} without this call. Any other than this machine's own needs a token. */
        public Builder host(String address) {
            host = Objects.requireNonNull(address, "address");
            return this;
        }

        /** Listens to this port; 4319 without this call, any free one with 0. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Asks for this token, as {@code Authorization: Bearer}, with everything but the page's own files and the health. */
        public Builder token(String secret) {
            if (secret.length() < SHORTEST_TOKEN) {
                throw new IllegalArgumentException(
                        "token has " + secret.length() + " characters, must have at least " + SHORTEST_TOKEN);
            }
            token = secret;
            return this;
        }

        /** Takes no more than this. */
        public Builder limits(CollectorLimits most) {
            limits = Objects.requireNonNull(most, "limits");
            return this;
        }

        /** Says the peak of one device, so that runs whose steps tell device-seconds have a utilisation. */
        public Builder peakFlopPerSecond(double peak) {
            peakFlopPerSecond = peak;
            return this;
        }

        /** Looks at the ledger so often, in milliseconds, to keep pages up to date; each second without this call. */
        Builder lookMillis(long millis) {
            lookMillis = millis;
            return this;
        }

        /**
         * Starts to listen.
         *
         * @throws IllegalArgumentException if others than this machine could reach it without a token
         * @throws IllegalStateException if it cannot listen there
         */
        public Collector start() {
            try {
                if (token == null && !InetAddress.getByName(host).isLoopbackAddress()) {
                    throw new IllegalArgumentException(
                            "host is " + host + ", must be this machine's own without a token");
                }
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("host is " + host + ", which is no address", e);
            }
            Collector collector = new Collector(this);
            try {
                collector.server.start();
                collector.port = collector.connector.getLocalPort();
            } catch (Exception e) {
                collector.close();
                throw new IllegalStateException("cannot listen to " + host + ":" + port + ": " + e.getMessage(), e);
            }
            return collector;
        }
    }
}
