package org.flopledger.cli.ledger;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish that a command end, given by Ctrl-C or SIGTERM: the JVM then waits for the command to close its ledger. Thread-safe.
 */
final class StopSignal implements AutoCloseable {

    private static final long LONGEST_END_SECONDS = 30;

    private final CountDownLatch given = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::giveAndWait, "flopledger-stop");

    private StopSignal() {}

    /** Returns a signal that the JVM gives when it is told to end. Open it before what must be closed. */
    static StopSignal install() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    private void giveAndWait() {
        given.countDown();
        try {
            if (!ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("flopledger: ended before the ledger was closed; what it acknowledged is safe");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isGiven() {
        return given.getCount() == 0;
    }

    /** Waits for the signal. Returns whether it was given. */
    boolean await(long time, TimeUnit unit) throws InterruptedException {
        return given.await(time, unit);
    }

    /** Waits for the signal without end. */
    void await() throws InterruptedException {
        given.await();
    }

    /** Says that everything is closed. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and runs the hook.
            return;
        }
    }
}
