/** torchtitan. */
@NullMarked
package org.flopledger.logs.torchtitan;

import org.jspecify.annotations.NullMarked;
