package org.flopledger.telemetry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;

/**
 * Appends step observations, and makes a batch of them.
 *
 * <p>Set what is known of a row, then {@link #append}; what was not set is unknown. Nothing is checked here, so that a bad
 * value is counted by validation and not thrown. Confined to one thread. Close it if {@link #build} was not reached.
 *
 * <p>For rows that are not Arrow columns yet; a running job records through a {@link StepRecorder}.
 */
public final class StepBatchBuilder implements AutoCloseable {

    private final VectorSchemaRoot root;
    private final BufferAllocator allocator;
    private final Map<StepColumn, Map<String, Integer>> texts = new EnumMap<>(StepColumn.class);
    private final FieldVector[] vectors;
    private int row;
    private boolean done;

    StepBatchBuilder(BufferAllocator allocator) {
        this.allocator = allocator;
        root = VectorSchemaRoot.create(StepSchema.arrow(), allocator);
        vectors = root.getFieldVectors().toArray(new FieldVector[0]);
        for (StepColumn column : StepColumn.values()) {
            if (column.kind() == StepColumn.Kind.TEXT) {
                texts.put(column, new LinkedHashMap<>());
            }
        }
    }

    /** Returns the rows appended so far. */
    public int rows() {
        return row;
    }

    /** Sets the run. */
    public StepBatchBuilder run(String run) {
        return text(StepColumn.RUN, run);
    }

    /** Sets the attempt, counted from 0. */
    public StepBatchBuilder attempt(int attempt) {
        return integer(StepColumn.ATTEMPT, attempt);
    }

    /** Sets the optimizer step. */
    public StepBatchBuilder step(long step) {
        return number(StepColumn.STEP, step);
    }

    /** Sets who observed the step. */
    public StepBatchBuilder source(String source) {
        return text(StepColumn.SOURCE, source);
    }

    /** Sets when the step started, to the microsecond. */
    public StepBatchBuilder startedAt(Instant at) {
        return startedAtMicros(micros(at));
    }

    /** Sets when the step started, in microseconds since 1970 UTC. */
    public StepBatchBuilder startedAtMicros(long micros) {
        return micros(StepColumn.STARTED_AT, micros);
    }

    /** Sets when the step ended, to the microsecond. */
    public StepBatchBuilder endedAt(Instant at) {
        return endedAtMicros(micros(at));
    }

    /** Sets when the step ended, in microseconds since 1970 UTC. */
    public StepBatchBuilder endedAtMicros(long micros) {
        return micros(StepColumn.ENDED_AT, micros);
    }

    /** Sets what the compute was for. */
    public StepBatchBuilder stage(Stage stage) {
        return code(StepColumn.STAGE, stage.ordinal());
    }

    /** Sets the key of the model description. */
    public StepBatchBuilder model(String model) {
        return text(StepColumn.MODEL, model);
    }

    /** Sets the tokens that went through the model, padding included. */
    public StepBatchBuilder tokens(long tokens) {
        return number(StepColumn.TOKENS, tokens);
    }

    /** Sets the padding among the tokens. */
    public StepBatchBuilder paddingTokens(long tokens) {
        return number(StepColumn.PADDING_TOKENS, tokens);
    }

    /** Sets the tokens that sampling produced. */
    public StepBatchBuilder generatedTokens(long tokens) {
        return number(StepColumn.GENERATED_TOKENS, tokens);
    }

    /**
     * Sets sequences, tokens and squared lengths of a step whose sequences all have one length. Where these are 2^63 or more
     * the row is rejected, as out of range.
     */
    public StepBatchBuilder equalSequences(int sequences, long length) {
        long tokens = RowCheck.product(sequences, length);
        return sequences(sequences).tokens(tokens).squaredLengths(RowCheck.product(tokens, length));
    }

    /** Sets the number of sequences. */
    public StepBatchBuilder sequences(int sequences) {
        return integer(StepColumn.SEQUENCES, sequences);
    }

    /** Sets the sum of the squared lengths of the sequences. */
    public StepBatchBuilder squaredLengths(long sum) {
        return number(StepColumn.SQUARED_LENGTHS, sum);
    }

    /** Sets the FLOP that the framework reported for this step. */
    public StepBatchBuilder reportedFlop(FlopCount flop) {
        return reportedBits(flop.highBits(), flop.lowBits());
    }

    /** Sets the FLOP that the framework reported as they are, negative ones too. */
    StepBatchBuilder reportedBits(long high, long low) {
        DecimalVector vector = (DecimalVector) vector(StepColumn.REPORTED_FLOP);
        // The vector's own setters refuse what has 39 digits; validation counts it instead.
        vector.setSafe(row, 0L);
        vector.getDataBuffer().setLong(16L * row, low);
        vector.getDataBuffer().setLong(16L * row + 8, high);
        return this;
    }

    /** Sets the number of devices. */
    public StepBatchBuilder devices(int devices) {
        return integer(StepColumn.DEVICES, devices);
    }

    /** Sets the seconds summed over devices. */
    public StepBatchBuilder deviceSeconds(double seconds) {
        return real(StepColumn.DEVICE_SECONDS, seconds);
    }

    /** Sets the part of the peak rate that was used, 0 to 1. */
    public StepBatchBuilder utilisation(double part) {
        return real(StepColumn.UTILISATION, part);
    }

    /** Sets the energy. */
    public StepBatchBuilder energyJoules(double joules) {
        return real(StepColumn.ENERGY_JOULES, joules);
    }

    /** Sets the parameters of the model. */
    public StepBatchBuilder totalParameters(long parameters) {
        return number(StepColumn.TOTAL_PARAMETERS, parameters);
    }

    /** Sets the parameters that take part in one token. */
    public StepBatchBuilder activeParameters(long parameters) {
        return number(StepColumn.ACTIVE_PARAMETERS, parameters);
    }

    /** Sets the parameters that are trained. */
    public StepBatchBuilder trainableParameters(long parameters) {
        return number(StepColumn.TRAINABLE_PARAMETERS, parameters);
    }

    /** Sets whether mixture-of-experts layers were active. */
    public StepBatchBuilder moe(boolean active) {
        ((BitVector) vector(StepColumn.MOE)).setSafe(row, active ? 1 : 0);
        return this;
    }

    /** Sets what happened to a PEFT method. */
    public StepBatchBuilder peft(PeftEvent event, PeftTechnique technique) {
        return code(StepColumn.PEFT_EVENT, event.ordinal()).code(StepColumn.PEFT_METHOD, technique.ordinal());
    }

    /**
     * Sets a column from a value of a foreign row: a number of any kind (timestamps in microseconds since 1970 UTC), text, also for
     * the codes of stages and PEFT, or a boolean. What fits no range of the column is rejected by validation, for its row only.
     *
     * @throws IllegalArgumentException if the column is a number and the value is none
     */
    public StepBatchBuilder value(StepColumn column, Object value) {
        LenientArrow.set(this, column, value);
        return this;
    }

    /** Ends the row and begins the next. */
    public StepBatchBuilder append() {
        if (row == StepBatch.MAX_ROWS) {
            throw new IllegalStateException("step batch has " + row + " rows, the limit is " + StepBatch.MAX_ROWS);
        }
        row++;
        return this;
    }

    /** Returns the batch of the rows appended, which owns their memory; the builder is done. */
    public StepBatch build() {
        requireOpen();
        done = true;
        for (FieldVector vector : vectors) {
            while (vector.getValueCapacity() < row) {
                vector.reAlloc();
            }
        }
        root.setRowCount(row);
        List<AutoCloseable> owned = new ArrayList<>(List.of(root));
        DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
        try {
            texts.forEach((column, entries) -> {
                VarCharVector dictionary = new VarCharVector(column.columnName(), allocator);
                owned.add(dictionary);
                fill(dictionary, entries.keySet().toArray(new String[0]));
                dictionaries.put(new Dictionary(dictionary, StepSchema.encoding(column)));
            });
            return StepBatch.open(root, dictionaries, () -> AutoCloseables.close(owned));
        } catch (IllegalArgumentException e) {
            StepBatch.closeOwned(() -> AutoCloseables.close(owned));
            throw e;
        }
    }

    private static void fill(VarCharVector dictionary, String[] entries) {
        dictionary.allocateNew();
        for (int i = 0; i < entries.length; i++) {
            dictionary.setSafe(i, entries[i].getBytes(StandardCharsets.UTF_8));
        }
        dictionary.setValueCount(entries.length);
    }

    /** Frees the memory if {@link #build} was not called. */
    @Override
    public void close() {
        if (!done) {
            done = true;
            root.close();
        }
    }

    /** Sets an 8-bit code as it is, whether or not it stands for a constant. */
    StepBatchBuilder code(StepColumn column, int code) {
        ((TinyIntVector) vector(column)).setSafe(row, code);
        return this;
    }

    StepBatchBuilder text(StepColumn column, String text) {
        Map<String, Integer> entries = texts.get(column);
        if (entries == null) {
            throw new IllegalStateException("column " + column + " is not text");
        }
        Integer index = entries.get(text);
        if (index == null) {
            index = TextColumn.isFit(text) ? entries.size() : TextColumn.UNFIT;
            if (index >= 0) {
                entries.put(text, index);
            }
        }
        return integer(column, index);
    }

    StepBatchBuilder integer(StepColumn column, int value) {
        ((IntVector) vector(column)).setSafe(row, value);
        return this;
    }

    StepBatchBuilder number(StepColumn column, long value) {
        ((BigIntVector) vector(column)).setSafe(row, value);
        return this;
    }

    StepBatchBuilder real(StepColumn column, double value) {
        ((Float8Vector) vector(column)).setSafe(row, value);
        return this;
    }

    StepBatchBuilder micros(StepColumn column, long micros) {
        ((TimeStampMicroTZVector) vector(column)).setSafe(row, micros);
        return this;
    }

    private FieldVector vector(StepColumn column) {
        requireOpen();
        return vectors[column.ordinal()];
    }

    private void requireOpen() {
        if (done) {
            throw new IllegalStateException("step batch was built or closed");
        }
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
