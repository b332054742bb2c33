package org.flopledger.logs;

import java.nio.file.Path;

/**
 * What one file told.
 *
 * @param file where it lies, as the user wrote it
 * @param size its bytes when it was found
 * @param told what its format kept of it
 * @param <T> what the format keeps
 */
public record FilePart<T>(Path file, long size, T told) {}
