/** What OpenTelemetry says of a training: rates, integrated to an interval of FLOP with coverage by time. */
module org.flopledger.otlp {
    requires transitive org.flopledger.core;
    requires org.flopledger.logs;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports org.flopledger.otlp;
}
