package org.flopledger.logs.table;

import java.util.List;
import java.util.Set;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.metric.ColumnMapping;

/** Histories of metrics exported from MLflow, one value a row: {@code run_id, key, value, step, timestamp}. */
public final class MlflowExportSource extends TableSource {

    private static final Set<String> REQUIRED = Set.of("key", "value", "step");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public MlflowExportSource() {
        super(new LogFormat("mlflow-export"), ColumnMapping.named("mlflow"));
    }

    @Override
    protected Recognition recognise(List<String> names) {
        return names.containsAll(REQUIRED) ? Recognition.CERTAIN : Recognition.NO;
    }
}
