/** OLMo and OLMo-core. */
@NullMarked
package org.flopledger.logs.olmo;

import org.jspecify.annotations.NullMarked;
