package org.flopledger.logs.trainer;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonFacts;
import org.jspecify.annotations.Nullable;

/**
 * States of the Hugging Face trainer. Every checkpoint repeats the whole history, so several files tell one run; the model's
 * configuration, the description of a fine-tuning method and the final results lie beside them.
 */
public final class TrainerSource implements LogSource<TrainerState> {

    private static final Set<String> STATE = Set.of("log_history", "global_step");
    private static final Set<String> BESIDE = Set.of(
            "peft_type",
            "model_type",
            "architectures",
            "vocab_size",
            "hidden_size",
            "train_runtime",
            "transformers_version",
            "tokenizer_class",
            "added_tokens",
            "epoch");
    private static final Set<String> TEXTS = Set.of("peft_type", "model_type");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public TrainerSource() {}

    @Override
    public LogFormat format() {
        return LogFormat.TRAINER_STATE;
    }

    @Override
    public Recognition recognise(LogHead head) {
        if (head.kind() != FileHead.Kind.JSON) {
            return Recognition.NO;
        }
        Set<String> names = head.jsonNames();
        if (names.containsAll(STATE)) {
            return Recognition.CERTAIN;
        }
        boolean either = names.stream().anyMatch(name -> STATE.contains(name) || BESIDE.contains(name));
        return either ? Recognition.POSSIBLE : Recognition.NO;
    }

    @Override
    public @Nullable TrainerState read(LogFile file) throws IOException {
        var histories = new Histories();
        JsonFacts facts;
        try (JsonParser parser = file.openJson()) {
            facts = JsonFacts.read(parser, TEXTS, histories);
        }
        StepHistory history = histories.read;
        if (history != null && facts.figure("global_step") != null) {
            if (history.isCut()) {
                file.refuse(RejectionReason.HISTORY_TOO_LONG);
                return null;
            }
            return new TrainerState(file.path(), file.sha256(), facts, history);
        } else if (isBeside(facts)) {
            file.setAside();
        }
        return null;
    }

    private static boolean isBeside(JsonFacts facts) {
        return facts.text("peft_type") != null
                || facts.text("model_type") != null
                || facts.has("architectures")
                || facts.has("vocab_size")
                || facts.has("hidden_size")
                || facts.has("transformers_version")
                || facts.has("tokenizer_class")
                || facts.has("added_tokens")
                || facts.has("eval_runtime")
                || facts.figure("train_runtime") != null;
    }

    @Override
    public void assemble(List<FilePart<TrainerState>> parts, LogAssembly assembly) {
        new TrainerRuns(assembly).add(parts.stream().map(FilePart::told).toList());
    }

    /** Reads the history of a state where there is one. */
    private static final class Histories implements JsonFacts.ArrayReader {

        private @Nullable StepHistory read;

        @Override
        public boolean read(String name, JsonParser parser) throws IOException {
            if (!name.equals("log_history")) {
                return false;
            }
            read = StepHistory.read(parser);
            return true;
        }
    }
}
