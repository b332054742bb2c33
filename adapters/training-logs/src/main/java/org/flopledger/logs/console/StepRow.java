package org.flopledger.logs.console;

/**
 * What one line of a log says of the steps up to it. What is not said stays negative or NaN. One instance serves all lines of a run.
 * Confined to one thread.
 */
public final class StepRow {

    long step;
    long samplesSoFar;
    long tokensSoFar;
    long samples;
    long tokens;
    long sequenceLength;
    double seconds;
    double claimedFlop;
    double loss;
    long micros;
    int label;

    StepRow() {
        begin(0);
    }

    /** Forgets everything and begins the row of a step, numbered as the log does. */
    StepRow begin(long number) {
        step = number;
        samplesSoFar = -1;
        tokensSoFar = -1;
        samples = -1;
        tokens = -1;
        sequenceLength = -1;
        seconds = Double.NaN;
        claimedFlop = Double.NaN;
        loss = Double.NaN;
        micros = Stamps.NONE;
        label = 0;
        return this;
    }

    void takeAll(StepRow other) {
        step = other.step;
        samplesSoFar = other.samplesSoFar;
        tokensSoFar = other.tokensSoFar;
        samples = other.samples;
        tokens = other.tokens;
        sequenceLength = other.sequenceLength;
        seconds = other.seconds;
        claimedFlop = other.claimedFlop;
        loss = other.loss;
        micros = other.micros;
        label = other.label;
    }

    /** Returns the number of the step. */
    public long step() {
        return step;
    }

    /** Returns the samples of each step, negative if not said. */
    public long samples() {
        return samples;
    }

    /** Returns the seconds of each step, NaN if not said. */
    public double seconds() {
        return seconds;
    }

    /** Sets the samples since the run began, of all devices. */
    public StepRow samplesSoFar(long count) {
        samplesSoFar = count;
        return this;
    }

    /** Sets the tokens since the run began, of all devices. */
    public StepRow tokensSoFar(long count) {
        tokensSoFar = count;
        return this;
    }

    /** Sets the samples of each step, of all devices. */
    public StepRow samples(long count) {
        samples = count;
        return this;
    }

    /** Sets the tokens of each step, of all devices. */
    public StepRow tokens(long count) {
        tokens = count;
        return this;
    }

    /** Sets the tokens of every sequence, all being as long. */
    public StepRow sequenceLength(long count) {
        sequenceLength = count;
        return this;
    }

    /** Sets the seconds of each step, the mean of the row. */
    public StepRow seconds(double mean) {
        seconds = mean;
        return this;
    }

    /** Sets the FLOP of each step by the trainer's own account, of all devices. */
    public StepRow claimedFlop(double each) {
        claimedFlop = each;
        return this;
    }

    /** Sets the training loss. */
    public StepRow loss(double value) {
        loss = value;
        return this;
    }

    /** Sets when the line was written, microseconds since 1970 UTC, or {@link Stamps#NONE}. */
    public StepRow micros(long written) {
        micros = written;
        return this;
    }

    /** Sets what stands for the process that wrote the line; 0 if it does not say. */
    public StepRow label(int process) {
        label = process;
        return this;
    }
}
