/** The command {@code assess}: what rules say of figures that are typed in. */
@NullMarked
package org.flopledger.cli.assess;

import org.jspecify.annotations.NullMarked;
