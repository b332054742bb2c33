package org.flopledger.internal.journal;

import java.io.IOException;
import java.util.List;

/**
 * The files of one ledger directory, as little of them as the journal needs.
 *
 * <p>Written twice: over the file system, and in tests over a simulated disk that loses, tears and refuses writes.
 */
interface Storage {

    /** Returns the names of the files, in no order. */
    List<String> names() throws IOException;

    /** Returns the length of a file in bytes. */
    long size(String name) throws IOException;

    /** Reads up to {@code length} bytes from a position of a file; returns how many, fewer only at the file's end. */
    int read(String name, long position, byte[] target, int offset, int length) throws IOException;

    /** Creates a file that must not exist, and opens it. Its name is durable after {@link #forceNames}. */
    WritableFile create(String name) throws IOException;

    /** Opens a file for writing from a position on; what the file holds from there stays until it is overwritten or cut. */
    WritableFile open(String name, long position) throws IOException;

    /** Removes a file. Durable after {@link #forceNames}. */
    void delete(String name) throws IOException;

    /** Returns when the names of the files are on the disk. */
    void forceNames() throws IOException;

    /** A file that is written from one position on. */
    interface WritableFile extends AutoCloseable {

        /** Writes the bytes; on failure any part of them may have been written. */
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Ends the file at the current position. Durable after {@link #force}. */
        void cut() throws IOException;

        /** Returns when everything written is on the disk. After a failure nothing is known, and no later call helps. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
