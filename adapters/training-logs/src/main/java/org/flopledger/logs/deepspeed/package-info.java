/** DeepSpeed's own lines. */
@NullMarked
package org.flopledger.logs.deepspeed;

import org.jspecify.annotations.NullMarked;
