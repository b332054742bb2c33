package org.flopledger.logs;

/**
 * Something about a run that a reader of its figures should know.
 *
 * @param code what kind of thing
 * @param message a sentence with the figures
 */
public record LogWarning(Code code, String message) {

    /** Kinds of warnings. Names appear in reports and JSON: they may be added to, never changed. */
    public enum Code {
        /** The model's operations are above the devices' 16-bit peak, so a narrower format was used. */
        ABOVE_16_BIT_PEAK,
        /** An earlier part of the log is missing. */
        BEGINS_LATER,
        /** A reported figure was turned back into what its writer counted. */
        CLAIM_EXPLAINED,
        /** A reported figure is a rate times a time, as precise as these. */
        CLAIM_FROM_RATE,
        /** A reported figure has few digits. */
        CLAIM_ROUNDED,
        /** A reported figure is more than twice what the layers took. */
        CLAIM_TOO_HIGH,
        /** The run ends before it starts. */
        CLOCK_GOES_BACK,
        /** Another telling of the same run contradicts this one. */
        CONFLICT,
        /** Another file with the beginning of this run tells other steps. */
        COPIES_DISAGREE,
        /** Counts were written with fewer digits than they have. */
        COUNTS_ROUNDED,
        /** It is not told whether a count is that of all processes or of one. */
        COUNT_MAY_BE_OF_ONE_PROCESS,
        /** A count is that of one process, and nothing says how many there were. */
        COUNT_OF_ONE_PROCESS,
        /** Something was declared and is in no file. */
        DECLARED,
        /** Nothing tells one device from another. */
        DEVICES_NOT_NAMED,
        /** The log tells devices of one node, not how many nodes there were. */
        DEVICES_OF_A_NODE,
        /** How many devices there were is not known. */
        DEVICES_UNKNOWN,
        /** A value makes no sense and is not counted. */
        IMPLAUSIBLE_VALUE,
        /** Steps have no line. */
        LINES_MISSING,
        /** What a restart threw away is not counted. */
        LOST_STEPS_NOT_COUNTED,
        /** Two ways to count give figures that cannot both be right. */
        METHODS_DISAGREE,
        /** The log's own utilisation is that of another device. */
        MFU_OF_ANOTHER_DEVICE,
        /** A description of the model cannot be used. */
        MODEL_NOT_READ,
        /** A log was not taken into the ledger. */
        NOT_TAKEN_IN,
        /** Nobody knows what the devices did for some of the time. */
        NOT_WATCHED,
        /** The file tells results, not what they cost. */
        NO_COMPUTE,
        /** Samples have no times. */
        NO_TIMES,
        /** The log tells epochs and no steps. */
        ONLY_EPOCHS,
        /** A further model ran whose size is not told. */
        OTHER_MODELS,
        /** The trainer left padding out of its count. */
        PADDING_NOT_COUNTED,
        /** Samples are no whole number of steps. */
        PARTIAL_STEP,
        /** Forward passes of post-training may be missing. */
        PHASES_NOT_TOLD,
        /** What the starting checkpoint had cost is not known. */
        PRIOR_UNKNOWN,
        /** The reference model is taken for a copy of the policy. */
        REFERENCE_ASSUMED,
        /** The reference model takes much longer than the policy for the same tokens: it is another model. */
        REFERENCE_IS_NO_COPY,
        /** Two records tell different progress. */
        PROGRESS_DISAGREES,
        /** The log does not say how far the run came. */
        PROGRESS_UNKNOWN,
        /** Lines tell a step again. */
        REPEATED_LINES,
        /** Devices were reserved, whether or not they worked. */
        RESERVED,
        /** The run was started more than once. */
        RESTARTED,
        /** Two engines of one process print the same lines. */
        SECOND_ENGINE,
        /** A setting is given with different values. */
        SETTING_CONTRADICTS,
        /** Nothing numbers the optimizer steps. */
        STEPS_NOT_NAMED,
        /** Steps were written with fewer digits than they have. */
        STEPS_ROUNDED,
        /** Tokens are sequences times their length, padding included. */
        TOKENS_INCLUDE_PADDING,
        /** Tokens are no whole number of sequences. */
        TOKENS_NOT_WHOLE,
        /** Nothing counts tokens. */
        TOKENS_UNKNOWN,
        /** The log has more rows than are kept. */
        TOO_LONG,
        /** There are more devices than are counted. */
        TOO_MANY_DEVICES,
        /** Each process may have measured the whole machine. */
        WHOLE_MACHINE,
        /** Times have no zone. */
        ZONE_UNKNOWN
    }
}
