/**
 * Review rules as data, and their evaluation as a pure function from facts to findings.
 *
 * <p>No threshold or date is written in code; rules are read from data files with a citation each.
 */
@NullMarked
package org.flopledger.review;

import org.jspecify.annotations.NullMarked;
