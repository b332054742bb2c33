/** What a run cost, in the forms of other standards: {@link org.flopledger.exports.ExportFormat}. */
@NullMarked
package org.flopledger.exports;

import org.jspecify.annotations.NullMarked;
