package org.flopledger.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A stream that remembers why a write failed, which the printers above it forget. Confined to one thread. */
final class OutputStreamWatch extends OutputStream {

    private final OutputStream target;
    private @Nullable IOException failure;

    OutputStreamWatch(OutputStream target) {
        this.target = target;
    }

    /** Returns why the first write failed, or null if none did. */
    @Nullable
    String failure() {
        return failure == null ? null : String.valueOf(failure.getMessage());
    }

    /** Returns whether the reader went away, such as head, which got what it wanted. */
    boolean isReaderGone() {
        String why = failure();
        return why != null && (why.contains("Broken pipe") || why.contains("pipe is being closed"));
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            target.write(bytes, from, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }
}
