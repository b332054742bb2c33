/** The command {@code rules}: the catalogue of review rules. */
@NullMarked
package org.flopledger.cli.rules;

import org.jspecify.annotations.NullMarked;
