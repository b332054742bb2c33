/** Composer. */
@NullMarked
package org.flopledger.logs.composer;

import org.jspecify.annotations.NullMarked;
