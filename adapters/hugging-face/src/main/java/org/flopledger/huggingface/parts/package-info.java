/** How a part that many families share is read: attention, feed-forward, experts, recurrent layers, heads. */
@NullMarked
package org.flopledger.huggingface.parts;

import org.jspecify.annotations.NullMarked;
