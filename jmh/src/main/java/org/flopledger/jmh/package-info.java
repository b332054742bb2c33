/** Benchmarks beside peers on the same data, and the scoreboard that runs them. */
@NullMarked
package org.flopledger.jmh;

import org.jspecify.annotations.NullMarked;
