/**
 * Step lines that live trainers write, as {@code docs/formats/spool.md} of the core tells: {@link StepLines} takes lines into a
 * ledger, {@link SpoolFollower} finds them in the files that trainers append to.
 *
 * <p>Lines are untrusted bytes. Everything may be read again at any time: a ledger counts each observation once.
 */
@NullMarked
package org.flopledger.spool;

import org.jspecify.annotations.NullMarked;
