/**
 * The graph of weight ancestry, and cumulative totals in which an ancestor counts once.
 */
@NullMarked
package org.flopledger.lineage;

import org.jspecify.annotations.NullMarked;
