/**
 * What commands have in common at their edges: options, the words and amounts that a person types, exit codes, failures and repair
 * steps.
 */
@NullMarked
package org.flopledger.cli.options;

import org.jspecify.annotations.NullMarked;
