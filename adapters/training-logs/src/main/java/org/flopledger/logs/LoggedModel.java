package org.flopledger.logs;

import java.util.List;
import org.flopledger.model.Architecture;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;

/**
 * What a run trained, and how.
 *
 * @param architecture the model, or null if no file describes it
 * @param method which of its values were trained
 * @param predictions how many positions of a sequence are predicted where that is not every one, or null
 * @param unpaddedLength mean length of sequences without padding where all are filled up to one length, or null
 * @param fineTuning parameter-efficient methods used, in the order they were applied; empty for ordinary training
 */
public record LoggedModel(
        @Nullable Architecture architecture,
        PeftMethod method,
        @Nullable Long predictions,
        @Nullable Long unpaddedLength,
        List<FineTuning> fineTuning) {

    /** Copies the list. */
    public LoggedModel {
        fineTuning = List.copyOf(fineTuning);
    }
}
