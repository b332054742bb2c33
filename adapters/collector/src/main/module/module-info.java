/** An HTTP server that takes steps from many trainers into one ledger, and shows what runs have cost. */
module org.flopledger.collector {
    requires transitive org.flopledger.core;
    requires org.flopledger.otlp;
    requires org.flopledger.spool;
    requires com.fasterxml.jackson.core;
    requires org.apache.arrow.format;
    requires org.apache.arrow.memory.core;
    requires org.apache.arrow.vector;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires static org.jspecify;

    exports org.flopledger.collector;
}
