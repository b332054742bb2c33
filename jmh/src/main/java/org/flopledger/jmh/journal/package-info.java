/** The journal beside SQLite. */
@NullMarked
package org.flopledger.jmh.journal;

import org.jspecify.annotations.NullMarked;
