/** What a run cost, in the forms of other standards. */
module org.flopledger.exports {
    requires transitive org.flopledger.core;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports org.flopledger.exports;
}
