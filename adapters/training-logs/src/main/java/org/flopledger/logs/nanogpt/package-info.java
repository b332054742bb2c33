/** nanoGPT and its kin: modded-nanogpt, nanochat, llm.c. */
@NullMarked
package org.flopledger.logs.nanogpt;

import org.jspecify.annotations.NullMarked;
