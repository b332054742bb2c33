/** How text and JSON are written so that nothing from outside does harm, for every part of the command. */
@NullMarked
package org.flopledger.cli.text;

import org.jspecify.annotations.NullMarked;
