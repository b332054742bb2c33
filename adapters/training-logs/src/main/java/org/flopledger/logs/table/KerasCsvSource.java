package org.flopledger.logs.table;

import java.util.List;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.metric.ColumnMapping;

/** Tables of Keras' CSVLogger: a row an epoch, the epoch first. They tell that a run was, not what it cost. */
public final class KerasCsvSource extends TableSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public KerasCsvSource() {
        super(new LogFormat("keras-csv"), ColumnMapping.named("keras-csv"));
    }

    @Override
    protected Recognition recognise(List<String> names) {
        boolean loss = names.stream().anyMatch(name -> name.equals("loss") || name.endsWith("_loss"));
        boolean epochs = names.get(0).equals("epoch") && !names.contains("step");
        return epochs && loss && names.stream().noneMatch(name -> name.contains("/"))
                ? Recognition.LIKELY
                : Recognition.NO;
    }
}
