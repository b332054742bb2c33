package org.flopledger.collector;

/** Bytes and requests that are being worked on, up to a limit. Thread-safe. */
final class Budget {

    private final long mostBytes;
    private final int mostRequests;
    private long bytes;
    private int requests;

    Budget(long mostBytes, int mostRequests) {
        this.mostBytes = mostBytes;
        this.mostRequests = mostRequests;
    }

    /** Returns whether there is room for a request of so many bytes, and takes it. */
    synchronized boolean take(long size) {
        if (requests >= mostRequests || size > mostBytes - bytes) {
            return false;
        }
        requests++;
        bytes += size;
        return true;
    }

    synchronized void giveBack(long size) {
        requests--;
        bytes -= size;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized int requests() {
        return requests;
    }
}
