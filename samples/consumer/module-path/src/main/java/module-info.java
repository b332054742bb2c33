/** A trainer that records what it computes. */
module org.example.trainer {
    requires org.flopledger.core;
    requires org.flopledger.huggingface;
    requires org.flopledger.logs;
}
