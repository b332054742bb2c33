/**
 * Reports as one offline HTML file, or as Markdown. Everything here draws what core's {@code ComputeReport} holds and adds no figure
 * of its own.
 */
@NullMarked
package org.flopledger.cli.report;

import org.jspecify.annotations.NullMarked;
