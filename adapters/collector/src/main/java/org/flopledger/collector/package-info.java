/**
 * A server by which many trainers record steps in one ledger, and people look at what runs have cost: {@link Collector}.
 *
 * <p>Requests are untrusted bytes. What a request brings is acknowledged after the ledger's journal has it, and may be sent again.
 */
@NullMarked
package org.flopledger.collector;

import org.jspecify.annotations.NullMarked;
