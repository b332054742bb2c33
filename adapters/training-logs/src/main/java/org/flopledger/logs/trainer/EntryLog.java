package org.flopledger.logs.trainer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.scan.JsonFacts;
import org.flopledger.logs.scan.JsonLimits;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a trainer printed line by line and gives it the form of the state that it would have saved, so that both are read by
 * the same rules. Only figures that the rules look at are kept. Confined to one thread.
 */
final class EntryLog {

    private static final JsonFactory JSON = JsonLimits.factory();
    private static final int MOST_ENTRIES = 1_000_000;
    private static final int MOST_COMPARED = 4096;
    private static final Set<String> KEPT = Set.of(
            HistoryFigures.ELAPSED,
            "loss",
            "step",
            "epoch",
            "kl",
            "reward",
            "num_tokens",
            "num_input_tokens_seen",
            "total_flos",
            "mean_token_accuracy",
            "completion_length");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonGenerator history;
    private final LossCurve losses = new LossCurve();
    /** Epoch and loss of each entry without a step that survived, in order. */
    private final List<double[]> unnumbered = new ArrayList<>();

    private int starts = 1;
    private double lastEpoch;
    private int entries;
    private long lastStep;
    private long mostSteps;
    private @Nullable BigDecimal epoch;
    private @Nullable BigDecimal stepsPerSecond;
    private @Nullable BigDecimal runtime;
    private boolean tooLong;

    EntryLog() throws IOException {
        history = JSON.createGenerator(bytes);
        history.writeStartObject();
        history.writeArrayFieldStart("log_history");
    }

    /**
     * Takes one entry.
     *
     * @param figures its numbers by their names
     * @param step number of its step, or -1 if the line does not say
     * @param planned steps that the training will have, or -1
     */
    void add(Map<String, BigDecimal> figures, long step, long planned) throws IOException {
        if (entries == MOST_ENTRIES) {
            tooLong = true;
            return;
        }
        entries++;
        history.writeStartObject();
        if (step >= 0) {
            history.writeNumberField("step", step);
        }
        for (Map.Entry<String, BigDecimal> figure : figures.entrySet()) {
            if (isKept(figure.getKey()) && !(figure.getKey().equals("step") && step >= 0)) {
                history.writeNumberField(figure.getKey(), figure.getValue());
            }
        }
        history.writeEndObject();
        lastStep = Math.max(lastStep, step);
        mostSteps = Math.max(mostSteps, planned);
        BigDecimal loss = figures.get("loss");
        if (loss != null && step >= 0) {
            losses.add(step, loss.doubleValue());
        } else if (loss != null) {
            addUnnumbered(figures.get("epoch"), loss.doubleValue());
        }
        epoch = figures.getOrDefault("epoch", epoch);
        if (figures.containsKey("train_steps_per_second")) {
            stepsPerSecond = figures.get("train_steps_per_second");
            runtime = figures.get("train_runtime");
        }
    }

    /** Where the epoch goes back, the training was started again, and what came behind that place is in no state. */
    private void addUnnumbered(@Nullable BigDecimal at, double loss) {
        double now = at == null ? lastEpoch : at.doubleValue();
        if (now < lastEpoch) {
            starts++;
            while (!unnumbered.isEmpty() && unnumbered.get(unnumbered.size() - 1)[0] >= now) {
                unnumbered.remove(unnumbered.size() - 1);
            }
        }
        lastEpoch = now;
        if (unnumbered.size() < MOST_COMPARED) {
            unnumbered.add(new double[] {now, loss});
        }
    }

    private static boolean isKept(String name) {
        return KEPT.contains(name)
                || name.startsWith("train_")
                || (name.startsWith("eval_") && (name.endsWith("_runtime") || name.endsWith("_samples_per_second")))
                || name.startsWith("completions/")
                || name.equals("rewards/chosen");
    }

    int entries() {
        return entries;
    }

    /** Returns whether there were more entries than are kept. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Returns how often the training was started, as far as epochs that go back tell. */
    int starts() {
        return starts;
    }

    /** Returns the losses by step, or by their order where lines have no step. */
    LossCurve losses() {
        unnumbered.forEach(entry -> losses.add(losses.size() + 1L, entry[1]));
        unnumbered.clear();
        return losses;
    }

    /** Returns the state that tells the same. */
    TrainerState toState(Path file, String hash) throws IOException {
        history.writeEndArray();
        long steps = steps();
        history.writeNumberField("global_step", steps);
        if (mostSteps > 0) {
            history.writeNumberField("max_steps", mostSteps);
        }
        if (epoch != null) {
            history.writeNumberField("epoch", epoch);
        }
        history.writeEndObject();
        history.close();
        var read = new StepHistory[1];
        try (JsonParser parser = JSON.createParser(bytes.toByteArray())) {
            JsonFacts facts = JsonFacts.read(parser, Set.of(), (name, array) -> {
                read[0] = StepHistory.read(array);
                return true;
            });
            return new TrainerState(file, hash, facts, read[0]);
        }
    }

    /** Lines without a step number leave it to the rate that is printed at the end, which has few digits. */
    private long steps() {
        if (lastStep > 0 || stepsPerSecond == null || runtime == null) {
            return lastStep;
        }
        return stepsPerSecond.multiply(runtime).add(new BigDecimal("0.5")).longValue();
    }
}
