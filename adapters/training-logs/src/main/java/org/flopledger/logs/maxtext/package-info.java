/** MaxText. */
@NullMarked
package org.flopledger.logs.maxtext;

import org.jspecify.annotations.NullMarked;
