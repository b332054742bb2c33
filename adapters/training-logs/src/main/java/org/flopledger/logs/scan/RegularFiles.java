package org.flopledger.logs.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells files that can be read to an end from those that cannot. Stateless. */
public final class RegularFiles {

    private RegularFiles() {}

    /**
     * Returns the bytes of a regular file, links followed; -1 if it is absent, a pipe, a device or a folder.
     *
     * <p>A kernel's message stream calls itself a regular file of 0 bytes, and reading it waits for ever: never open a file of 0
     * bytes.
     */
    public static long size(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? attributes.size() : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Returns whether it is a regular file with something in it. */
    public static boolean isReadable(Path file) {
        return size(file) > 0;
    }
}
