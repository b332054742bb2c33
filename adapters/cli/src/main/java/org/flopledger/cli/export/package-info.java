/** The command {@code export}. */
@NullMarked
package org.flopledger.cli.export;

import org.jspecify.annotations.NullMarked;
