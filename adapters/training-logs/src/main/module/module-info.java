/** Runs from the logs that trainers write; a further format is a provider of {@code LogSource}. */
module org.flopledger.logs {
    requires transitive org.flopledger.core;
    requires transitive org.flopledger.huggingface;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports org.flopledger.logs;
    exports org.flopledger.logs.scan;

    uses org.flopledger.logs.LogSource;

    provides org.flopledger.logs.LogSource with
            org.flopledger.logs.mlperf.MlperfSource,
            org.flopledger.logs.trainer.TrainerSource;
}
