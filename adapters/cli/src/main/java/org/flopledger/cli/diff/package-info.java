/** The command {@code diff}: what changed between two sets of runs. */
@NullMarked
package org.flopledger.cli.diff;

import org.jspecify.annotations.NullMarked;
