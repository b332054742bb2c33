/**
 * What a run has cost so far: mutable, mergeable accounts, immutable totals, step intervals, versioned state bytes.
 *
 * <p>The same observations give the same bytes in any order, split or number of threads.
 */
@NullMarked
package org.flopledger.account;

import org.jspecify.annotations.NullMarked;
