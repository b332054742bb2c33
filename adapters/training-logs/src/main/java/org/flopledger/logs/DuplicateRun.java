package org.flopledger.logs;

import java.nio.file.Path;
import java.util.List;

/**
 * A log of a run that another log already tells; it is not summed.
 *
 * @param id name of this copy
 * @param of identity of the run that is kept
 * @param why why they are the same run
 * @param sources the files of this copy
 */
public record DuplicateRun(String id, String of, String why, List<Path> sources) {

    /** Copies the list. */
    public DuplicateRun {
        sources = List.copyOf(sources);
    }
}
