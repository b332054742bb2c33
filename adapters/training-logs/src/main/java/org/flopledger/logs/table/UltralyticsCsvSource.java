package org.flopledger.logs.table;

import java.util.List;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.metric.ColumnMapping;

/** {@code results.csv} of Ultralytics: a row an epoch, padded cells. They tell that a run was, not what it cost. */
public final class UltralyticsCsvSource extends TableSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public UltralyticsCsvSource() {
        super(new LogFormat("ultralytics-csv"), ColumnMapping.named("ultralytics-csv"));
    }

    @Override
    protected Recognition recognise(List<String> names) {
        boolean metrics = names.stream().anyMatch(name -> name.startsWith("metrics/"));
        boolean losses = names.stream().anyMatch(name -> name.startsWith("train/") && name.endsWith("loss"));
        return names.contains("epoch") && metrics && losses ? Recognition.CERTAIN : Recognition.NO;
    }
}
