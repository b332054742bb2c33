/** Exact accounting of training compute: a ledger, the figures it adds up, the rules that read them. */
module org.flopledger.core {
    requires transitive org.apache.arrow.memory.core;
    requires transitive org.apache.arrow.vector;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires flatbuffers.java;
    requires org.apache.arrow.format;
    requires org.apache.arrow.memory.unsafe;
    requires org.eclipse.collections.api;
    requires org.eclipse.collections.impl;
    requires static org.jspecify;

    exports org.flopledger;
    exports org.flopledger.account;
    exports org.flopledger.estimation;
    exports org.flopledger.journal;
    exports org.flopledger.lineage;
    exports org.flopledger.model;
    exports org.flopledger.report;
    exports org.flopledger.review;
    exports org.flopledger.telemetry;
    exports org.flopledger.units;
}
