/** LitGPT. */
@NullMarked
package org.flopledger.logs.litgpt;

import org.jspecify.annotations.NullMarked;
