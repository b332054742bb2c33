/**
 * What readers of console output share: lines without colours, fields of a line, settings, and the steps that rows of a log stand
 * for. A family of trainers is a marker, the names of its fields and what they count.
 */
@NullMarked
package org.flopledger.logs.console;

import org.jspecify.annotations.NullMarked;
