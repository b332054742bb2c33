/** Reinforcement learning: what each phase of a step computed. */
@NullMarked
package org.flopledger.logs.reinforcement;

import org.jspecify.annotations.NullMarked;
