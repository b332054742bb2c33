package org.flopledger.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one file told.
 *
 * @param file where it lies, as the user wrote it
 * @param size its bytes when it was found
 * @param told what its format kept of it
 * @param <T> what the format keeps
 */
public record FilePart<T>(Path file, long size, T told) {

    /**
     * Returns whether another file has the same bytes; they are read only if the files are equally long.
     *
     * @throws IOException if one of them cannot be read any more
     */
    public boolean hasSameBytesAs(FilePart<T> other) throws IOException {
        return size == other.size && Files.mismatch(file, other.file) < 0;
    }
}
