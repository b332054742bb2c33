package org.flopledger.logs.reinforcement;

/** The file of verl's file logger: {@code {"step": 72, "data": {"perf/total_num_tokens": 67965, ...}}}. */
public final class VerlRecordSource extends RlRecordSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public VerlRecordSource() {
        super("verl-records", VerlNames.NAMES, "perf/total_num_tokens", "timing_s/step");
    }
}
