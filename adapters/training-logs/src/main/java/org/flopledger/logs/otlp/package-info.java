/** Metrics of OpenTelemetry as files hold them: a {@link org.flopledger.logs.LogSource}. */
@NullMarked
package org.flopledger.logs.otlp;

import org.jspecify.annotations.NullMarked;
