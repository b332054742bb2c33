/**
 * Canonical statements: the figures of a run with the arithmetic that led to them.
 */
@NullMarked
package org.flopledger.report;

import org.jspecify.annotations.NullMarked;
