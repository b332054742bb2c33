/** Runnable programs: the README's code, and the generator of the logs that its main command analyses. */
@NullMarked
package org.flopledger.samples;

import org.jspecify.annotations.NullMarked;
