/** Tables of comma separated values and lines of JSON, as trainers and trackers export them. */
@NullMarked
package org.flopledger.logs.table;

import org.jspecify.annotations.NullMarked;
