/**
 * Canonical JSON: one writer, and one form for what several documents show.
 */
@NullMarked
package org.flopledger.internal.json;

import org.jspecify.annotations.NullMarked;
