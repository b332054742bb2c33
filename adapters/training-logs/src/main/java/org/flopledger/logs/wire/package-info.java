/** Binary forms that several log formats are written in: fields of protocol buffers. They know no format. */
@NullMarked
package org.flopledger.logs.wire;

import org.jspecify.annotations.NullMarked;
