/**
 * Runs as a command sees them, from logs or from a ledger: how logs get into a ledger, what is known of each run, and the content of a
 * report. Prints nothing but what could not be used.
 */
@NullMarked
package org.flopledger.cli.runs;

import org.jspecify.annotations.NullMarked;
