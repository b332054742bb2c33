package org.flopledger.otlp;

import java.util.Map;

/**
 * One data point of a metric, or one span. Immutable.
 *
 * @param name name of the metric or span
 * @param kind what it is
 * @param isCumulative whether a counter or histogram counts since its start; else since the point before
 * @param startNanos when counting or the span began, nanoseconds since 1970; 0 if not told
 * @param timeNanos when it was observed or the span ended
 * @param value the number; of a histogram its sum
 * @param count observations of a histogram
 * @param attributes texts of the point and its resource, the point's own first
 */
record OtlpPoint(
        String name,
        Kind kind,
        boolean isCumulative,
        long startNanos,
        long timeNanos,
        double value,
        long count,
        Map<String, String> attributes) {

    /** What a point may be. */
    enum Kind {
        GAUGE,
        SUM,
        HISTOGRAM,
        SPAN
    }
}
