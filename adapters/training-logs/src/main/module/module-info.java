/** Runs from the logs that trainers write. */
module org.flopledger.logs {
    requires transitive org.flopledger.core;
    requires transitive org.flopledger.huggingface;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports org.flopledger.logs;
}
