/** MLPerf training results with their system descriptions: a {@link org.flopledger.logs.LogSource}. */
@NullMarked
package org.flopledger.logs.mlperf;

import org.jspecify.annotations.NullMarked;
