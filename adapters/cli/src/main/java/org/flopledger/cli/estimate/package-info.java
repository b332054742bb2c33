/** The command {@code estimate}: parameters and FLOP of a model that is described, not yet trained. */
@NullMarked
package org.flopledger.cli.estimate;

import org.jspecify.annotations.NullMarked;
