/**
 * The command line: one executable jar over the library, one package for each group of commands.
 *
 * <p>Here the JVM enters and the subcommands are named; nobody else uses this package. A group uses {@code output}, {@code runs},
 * {@code options} and {@code text}, in this order, and those use no group. {@code CommandPackagesArchitectureTest} holds the arrows.
 *
 * <p>Commands parse arguments, call the library and print; they hold no arithmetic. Results go to standard output, progress
 * and messages to standard error.
 */
@NullMarked
package org.flopledger.cli;

import org.jspecify.annotations.NullMarked;
