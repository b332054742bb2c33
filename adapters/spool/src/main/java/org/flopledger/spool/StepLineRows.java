package org.flopledger.spool;

import java.math.BigInteger;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Makes rows of a step line: one for what was trained, one more for what was generated. Stateless. */
final class StepLineRows {

    /** What a source is called for what it saw being generated. */
    private static final String GENERATION = "/generation";

    private static final int MOST_FLOP_DIGITS = 38;

    private StepLineRows() {}

    /**
     * Appends the rows of a line, or nothing.
     *
     * @return the rows appended
     * @throws LineException if the line is refused
     */
    static int append(StepLine line, StepBatchBuilder batch) throws LineException {
        // All that can fail comes first, so that nothing of a refused line is left in the batch.
        String run = line.text(LineField.RUN);
        int attempt = (int) line.number(LineField.ATTEMPT);
        long step = line.number(LineField.STEP);
        String source = line.text(LineField.SOURCE);
        Stage stage = line.word(LineField.STAGE, Stage.class);
        FlopCount reported = reported(line);
        PeftEvent event = line.has(LineField.PEFT_EVENT) ? line.word(LineField.PEFT_EVENT, PeftEvent.class) : null;
        PeftTechnique technique = line.has(LineField.PEFT_METHOD)
                ? line.word(LineField.PEFT_METHOD, PeftTechnique.class)
                : PeftTechnique.OTHER;

        times(line, batch.run(run).attempt(attempt).step(step).source(source).stage(stage));
        counts(line, batch);
        hardware(line, batch);
        String model = line.textOrNull(LineField.MODEL);
        if (model != null) {
            batch.model(model);
        }
        if (reported != null) {
            batch.reportedFlop(reported);
        }
        if (event != null) {
            batch.peft(event, technique);
        }
        batch.append();
        if (!line.has(LineField.GENERATED_TOKENS)) {
            return 1;
        }
        times(
                line,
                batch.run(run)
                        .attempt(attempt)
                        .step(step)
                        .source(source + GENERATION)
                        .stage(Stage.ROLLOUT_GENERATION));
        batch.tokens(line.number(LineField.GENERATED_TOKENS));
        if (model != null) {
            batch.model(ModelLine.forwardKey(model));
        }
        batch.append();
        return 2;
    }

    private static @Nullable FlopCount reported(StepLine line) throws LineException {
        String text = line.textOrNull(LineField.REPORTED_FLOP);
        if (text == null) {
            return null;
        }
        if (text.length() > MOST_FLOP_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new LineException(LineFault.OUT_OF_RANGE, "reported_flop must be 1 to 38 digits");
        }
        return FlopCount.of(new BigInteger(text));
    }

    private static void times(StepLine line, StepBatchBuilder batch) throws LineException {
        if (line.has(LineField.STARTED_AT)) {
            batch.startedAtMicros(line.number(LineField.STARTED_AT));
        }
        if (line.has(LineField.ENDED_AT)) {
            batch.endedAtMicros(line.number(LineField.ENDED_AT));
        }
    }

    private static void counts(StepLine line, StepBatchBuilder batch) throws LineException {
        if (line.has(LineField.TOKENS)) {
            batch.tokens(line.number(LineField.TOKENS));
        }
        if (line.has(LineField.PADDING_TOKENS)) {
            batch.paddingTokens(line.number(LineField.PADDING_TOKENS));
        }
        if (line.has(LineField.SEQUENCES)) {
            batch.sequences((int) line.number(LineField.SEQUENCES));
        }
        if (line.has(LineField.SQUARED_LENGTHS)) {
            batch.squaredLengths(line.number(LineField.SQUARED_LENGTHS));
        }
        if (line.has(LineField.TOTAL_PARAMETERS)) {
            batch.totalParameters(line.number(LineField.TOTAL_PARAMETERS));
        }
        if (line.has(LineField.ACTIVE_PARAMETERS)) {
            batch.activeParameters(line.number(LineField.ACTIVE_PARAMETERS));
        }
        if (line.has(LineField.TRAINABLE_PARAMETERS)) {
            batch.trainableParameters(line.number(LineField.TRAINABLE_PARAMETERS));
        }
    }

    private static void hardware(StepLine line, StepBatchBuilder batch) throws LineException {
        if (line.has(LineField.DEVICES)) {
            batch.devices((int) line.number(LineField.DEVICES));
        }
        if (line.has(LineField.DEVICE_SECONDS)) {
            batch.deviceSeconds(line.real(LineField.DEVICE_SECONDS));
        }
        if (line.has(LineField.UTILISATION)) {
            batch.utilisation(line.real(LineField.UTILISATION));
        }
        if (line.has(LineField.ENERGY_JOULES)) {
            batch.energyJoules(line.real(LineField.ENERGY_JOULES));
        }
        if (line.has(LineField.MOE)) {
            batch.moe(line.truth(LineField.MOE));
        }
    }
}
