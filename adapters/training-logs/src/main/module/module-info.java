/** Runs from the logs that trainers write; a further format is a provider of {@code LogSource}. */
module org.flopledger.logs {
    requires transitive org.flopledger.core;
    requires transitive org.flopledger.huggingface;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports org.flopledger.logs;
    exports org.flopledger.logs.metric;
    exports org.flopledger.logs.scan;
    exports org.flopledger.logs.table;
    exports org.flopledger.logs.wire;

    uses org.flopledger.logs.LogSource;

    provides org.flopledger.logs.LogSource with
            org.flopledger.logs.mlperf.MlperfSource,
            org.flopledger.logs.trainer.TrainerSource,
            org.flopledger.logs.tensorboard.TensorBoardSource,
            org.flopledger.logs.wandb.WandbSource,
            org.flopledger.logs.mlflow.MlflowSource,
            org.flopledger.logs.table.LightningCsvSource,
            org.flopledger.logs.table.KerasCsvSource,
            org.flopledger.logs.table.UltralyticsCsvSource,
            org.flopledger.logs.table.WandbExportSource,
            org.flopledger.logs.table.MlflowExportSource,
            org.flopledger.logs.table.NeptuneExportSource,
            org.flopledger.logs.hardware.SmiCsvSource,
            org.flopledger.logs.hardware.PrometheusSource,
            org.flopledger.logs.hardware.SacctSource,
            org.flopledger.logs.hardware.CodeCarbonSource,
            org.flopledger.logs.evaluation.EvaluationSource,
            org.flopledger.logs.evaluation.InferenceSource;
}
