package org.flopledger.collector;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;

/**
 * Closes connections that take too long to bring a whole request: an idle time alone does not see those that bring a byte now and
 * then. Thread-safe.
 */
final class Deadlines implements Connection.Listener {

    private final Map<Connection, Long> waitingSince = new ConcurrentHashMap<>();
    private final long patienceNanos;
    private final LongSupplier nanoTime;

    Deadlines(long patienceNanos, LongSupplier nanoTime) {
        this.patienceNanos = patienceNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    public void onOpened(Connection connection) {
        waitingSince.put(connection, nanoTime.getAsLong());
    }

    @Override
    public void onClosed(Connection connection) {
        waitingSince.remove(connection);
    }

    /** Says that a request is there as a whole, so that from now on the answer is waited for. */
    void arrived(Connection connection) {
        waitingSince.remove(connection);
    }

    /** Says that a request was answered. */
    void answered(Connection connection) {
        if (connection.getEndPoint().isOpen()) {
            waitingSince.put(connection, nanoTime.getAsLong());
        }
    }

    /** Closes what has waited too long. Returns how many connections that were. */
    int sweep() {
        long now = nanoTime.getAsLong();
        int closed = 0;
        for (Map.Entry<Connection, Long> entry : Map.copyOf(waitingSince).entrySet()) {
            if (now - entry.getValue() > patienceNanos && waitingSince.remove(entry.getKey(), entry.getValue())) {
                entry.getKey().getEndPoint().close();
                closed++;
            }
        }
        return closed;
    }

    int open() {
        return waitingSince.size();
    }
}
