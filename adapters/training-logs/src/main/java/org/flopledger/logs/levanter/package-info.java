/** Levanter. */
@NullMarked
package org.flopledger.logs.levanter;

import org.jspecify.annotations.NullMarked;
