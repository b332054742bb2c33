package org.flopledger.internal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.journal.JournalRecovery;
import org.jspecify.annotations.Nullable;

/** Reads journals without changing them. */
public final class JournalReader {

    private JournalReader() {}

    /**
     * Reads the journal of a directory without changing it, also while a writer has it open: then up to the last commit
     * that is whole at this moment.
     *
     * @param wholeHistory whether to begin with the oldest record there is, not with the last snapshot
     */
    public static JournalRecovery read(
            Path directory, boolean wholeHistory, BufferAllocator allocator, JournalReplay replay) {
        return read(directory, wholeHistory, null, allocator, replay);
    }

    /**
     * Reads the journal of a directory, and looks for the record with a hash: a head hash written down before, say.
     *
     * @param soughtHash 64 hexadecimal digits, or null
     */
    public static JournalRecovery read(
            Path directory,
            boolean wholeHistory,
            @Nullable String soughtHash,
            BufferAllocator allocator,
            JournalReplay replay) {
        requireDirectory(directory);
        return read(new DirectoryStorage(directory), wholeHistory, soughtHash, allocator, replay);
    }

    static JournalRecovery read(
            Storage storage, boolean wholeHistory, BufferAllocator allocator, JournalReplay replay) {
        return read(storage, wholeHistory, null, allocator, replay);
    }

    private static JournalRecovery read(
            Storage storage,
            boolean wholeHistory,
            @Nullable String soughtHash,
            BufferAllocator allocator,
            JournalReplay replay) {
        try (JournalScan scan = new JournalScan(storage, allocator, replay)) {
            JournalRecovery result = scan.seek(soughtHash).run(wholeHistory);
            if (result.segments() == 0 && result.tornFile() == null) {
                throw new JournalException(
                        JournalException.Kind.NOT_A_LEDGER,
                        "the directory holds no journal (no file journal-*.arrows)");
            }
            return result;
        } catch (IOException e) {
            throw JournalException.inputOutput("the journal cannot be read", e);
        }
    }

    private static void requireDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new JournalException(
                    JournalException.Kind.NOT_A_LEDGER, "the ledger directory does not exist or is a file");
        }
    }
}
