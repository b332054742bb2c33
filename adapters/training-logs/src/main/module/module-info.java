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
            org.flopledger.logs.trainer.ConsoleSource,
            org.flopledger.logs.trainer.LlamaFactorySource,
            org.flopledger.logs.trainer.SwiftSource,
            org.flopledger.logs.otlp.OtlpJsonSource,
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
            org.flopledger.logs.evaluation.InferenceSource,
            org.flopledger.logs.megatron.MegatronSource,
            org.flopledger.logs.megatron.MegatronProgressSource,
            org.flopledger.logs.megatron.MetricSeriesSource,
            org.flopledger.logs.torchtitan.TorchtitanSource,
            org.flopledger.logs.deepspeed.DeepSpeedSource,
            org.flopledger.logs.nemo.NemoSource,
            org.flopledger.logs.nanogpt.NanoGptSource,
            org.flopledger.logs.nanogpt.ModdedNanoGptSource,
            org.flopledger.logs.nanogpt.LlmCSource,
            org.flopledger.logs.nanogpt.NanoChatSource,
            org.flopledger.logs.nanogpt.BuildNanoGptSource,
            org.flopledger.logs.maxtext.MaxTextSource,
            org.flopledger.logs.olmo.OlmoSource,
            org.flopledger.logs.composer.ComposerSource,
            org.flopledger.logs.levanter.LevanterSource,
            org.flopledger.logs.litgpt.LitGptSource,
            org.flopledger.logs.reinforcement.VerlSource,
            org.flopledger.logs.reinforcement.VerlRecordSource,
            org.flopledger.logs.reinforcement.PrimeRecordSource,
            org.flopledger.logs.reinforcement.NemoRlRecordSource,
            org.flopledger.logs.reinforcement.OpenRlhfSource,
            org.flopledger.logs.reinforcement.SlimeSource,
            org.flopledger.logs.reinforcement.PrimeSource,
            org.flopledger.logs.reinforcement.NemoRlSource;
}
