package org.flopledger.internal.journal;

import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.journal.JournalOptions;
import org.flopledger.journal.JournalRecovery;

/** A journal on a simulated disk, for tests of what is built on journals. */
public final class SimulatedJournal {

    private final SimulatedDisk disk;

    /** Makes an empty disk; everything random of it comes from the seed. */
    public SimulatedJournal(long seed) {
        disk = new SimulatedDisk(seed);
    }

    /** Opens the journal for writing. */
    public Journal open(JournalOptions options, BufferAllocator allocator, JournalReplay replay) {
        return Journal.open(disk.ofThisProcess(), options, null, allocator, replay);
    }

    /** Reads all there is, without changing it. */
    public JournalRecovery readWholeHistory(BufferAllocator allocator, JournalReplay replay) {
        return JournalReader.read(disk, true, allocator, replay);
    }

    /** Lets the disk refuse once, after so many calls. */
    public void failAfter(int calls) {
        disk.failAfter(calls);
    }

    /** Lets the machine go down after so many calls. */
    public void crashAfter(int calls) {
        disk.crashAfter(calls);
    }

    /** Ends a journal as the death of its process does, and starts the machine again if it went down or should have. */
    public void kill(Journal journal, boolean withMachine) {
        journal.abandon();
        if (withMachine || disk.isDown()) {
            disk.crashAndRestart();
        } else {
            disk.restart();
        }
    }

    /** Starts the machine again when no journal is open. */
    public void restart() {
        disk.crashAndRestart();
    }

    /** Files may hold that many bytes altogether, until the next restart. */
    public void capacity(long bytes) {
        disk.capacity(bytes);
    }

    /** Has a listener called before each write, flush and creation of a file; it may wait. */
    public void beforeCall(Consumer<String> listener) {
        disk.beforeCall(listener);
    }

    /** Another process begins; what was written stays in the cache of the operating system. */
    public void newProcess() {
        disk.restart();
    }
}
