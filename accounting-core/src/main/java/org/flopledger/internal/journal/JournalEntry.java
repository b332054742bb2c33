package org.flopledger.internal.journal;

/** One thing a commit of the journal holds. */
public sealed interface JournalEntry permits JournalFact, JournalSteps {}
