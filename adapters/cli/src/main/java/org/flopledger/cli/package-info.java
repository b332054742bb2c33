/**
 * The command line: one executable jar over the library, one class per command.
 *
 * <p>Commands parse arguments, call the library and print; they hold no arithmetic. Results go to standard output, progress
 * and messages to standard error.
 */
@NullMarked
package org.flopledger.cli;

import org.jspecify.annotations.NullMarked;
