/** Step lines of live trainers: read from text, or followed in the files that trainers append to. */
module org.flopledger.spool {
    requires transitive org.flopledger.core;
    requires org.flopledger.huggingface;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports org.flopledger.spool;
}
