/** How runs are shown, for every command that shows them: columns, rows, groups, sums, findings and explanations. */
@NullMarked
package org.flopledger.cli.output;

import org.jspecify.annotations.NullMarked;
