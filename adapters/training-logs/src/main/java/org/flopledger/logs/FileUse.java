package org.flopledger.logs;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file that was found.
 *
 * @param file where it lies, as the user wrote it
 * @param use what became of it
 * @param run identity of the run it was used for or repeats, or null
 * @param reason why it was not used, or null
 */
public record FileUse(
        Path file, Use use, @Nullable String run, @Nullable RejectionReason reason) {

    /** What can become of a file. */
    public enum Use {
        /** A run's figures come from it. */
        USED,
        /** It belongs to a run and lies beside its log. */
        SIDE_FILE,
        /** It tells a run that another file tells too, and is not summed. */
        REPEAT,
        /** It tells something beside the runs, such as what devices did or how a model was evaluated. */
        EVIDENCE,
        /** Nothing comes from it; the reason says why. */
        UNUSED;

        /** Returns the name as a report shows it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
