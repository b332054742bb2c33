package org.flopledger.logs.table;

import java.util.List;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.metric.ColumnMapping;

/** Tables exported from Weights &amp; Biases: a run's history, or a chart with the columns of several runs. */
public final class WandbExportSource extends TableSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public WandbExportSource() {
        super(new LogFormat("wandb-export"), ColumnMapping.named("wandb"));
    }

    @Override
    protected Recognition recognise(List<String> names) {
        boolean chart = names.stream().anyMatch(name -> name.endsWith("__MIN"));
        return names.contains("_step") || (chart && names.stream().anyMatch(name -> name.contains(" - ")))
                ? Recognition.CERTAIN
                : Recognition.NO;
    }
}
