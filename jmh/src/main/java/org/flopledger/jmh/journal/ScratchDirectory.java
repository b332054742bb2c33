package org.flopledger.jmh.journal;

import java.io.IOException;
import java.nio.file.Path;

/** An empty directory for a benchmark, removed with all that is in it when it is closed. */
public final class ScratchDirectory implements AutoCloseable {

    private final Path path;

    /** Makes one where {@link StoreTiming} makes its own. */
    public ScratchDirectory() throws IOException {
        path = StoreTiming.newDirectory();
    }

    /** Returns the directory. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        StoreTiming.delete(path);
    }
}
