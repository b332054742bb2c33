/** Megatron-LM and what is made of it. */
@NullMarked
package org.flopledger.logs.megatron;

import org.jspecify.annotations.NullMarked;
