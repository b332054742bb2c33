package org.flopledger.logs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one file told.
 *
 * @param file where it lies, as the user wrote it
 * @param size its bytes when it was found
 * @param told what its format kept of it
 * @param <T> what the format keeps
 */
public record FilePart<T>(Path file, long size, T told) {

    /** Returns parts by what they have in common, groups and their parts in the order of the list. */
    public static <T, K> Map<K, List<FilePart<T>>> by(Function<FilePart<T>, K> key, List<FilePart<T>> parts) {
        Map<K, List<FilePart<T>>> groups = new LinkedHashMap<>();
        for (FilePart<T> part : parts) {
            groups.computeIfAbsent(key.apply(part), first -> new ArrayList<>()).add(part);
        }
        return groups;
    }
}
