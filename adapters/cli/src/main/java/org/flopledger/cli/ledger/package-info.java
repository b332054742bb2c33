/**
 * The commands around a ledger on disk: {@code ingest}, {@code follow}, {@code serve}, {@code totals}, {@code verify}, {@code merge}.
 */
@NullMarked
package org.flopledger.cli.ledger;

import org.jspecify.annotations.NullMarked;
