/**
 * What OpenTelemetry says of a training: {@link org.flopledger.otlp.OtlpReader} reads requests of OTLP/HTTP and the lines of the
 * collector's file exporter, {@link org.flopledger.otlp.TelemetryBook} makes an interval of FLOP of them.
 *
 * <p>A rate that is sampled now and then is never an exact amount: figures have bounds, a coverage by time, and stand beside the
 * totals of a ledger, in none of them.
 */
@NullMarked
package org.flopledger.otlp;

import org.jspecify.annotations.NullMarked;
