/** The command {@code analyze}: from folders of logs to totals, cross-checks and findings. */
@NullMarked
package org.flopledger.cli.analyze;

import org.jspecify.annotations.NullMarked;
