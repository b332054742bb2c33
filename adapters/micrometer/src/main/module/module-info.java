/** What a ledger holds, and how it stands, as Micrometer meters. */
module org.flopledger.micrometer {
    requires transitive org.flopledger.core;
    requires micrometer.core;
    requires static org.jspecify;

    exports org.flopledger.micrometer;
}
