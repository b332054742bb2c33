package org.flopledger.logs.table;

import java.io.IOException;
import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MetricSettings;
import org.jspecify.annotations.Nullable;

/**
 * {@code metrics.csv} of Lightning's CSVLogger: the head is the union of all names, cells are sparse, and training and validation of
 * one step stand in rows of their own. Steps count from 0.
 */
public final class LightningCsvSource extends TableSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public LightningCsvSource() {
        super(new LogFormat("lightning-csv"), ColumnMapping.named("lightning-csv"));
    }

    @Override
    public Recognition recognise(LogHead head) {
        return isHyperparameters(head) ? Recognition.LIKELY : super.recognise(head);
    }

    /** The file lies beside tables and beside event files, so it is a side file of either. */
    private static boolean isHyperparameters(LogHead head) {
        return head.isText() && String.valueOf(head.path().getFileName()).equals(MetricSettings.HYPERPARAMETERS);
    }

    @Override
    public @Nullable Part read(LogFile file) throws IOException {
        if (isHyperparameters(file.head())) {
            file.setAside();
            return null;
        }
        return super.read(file);
    }

    @Override
    protected Recognition recognise(List<String> names) {
        boolean steps = names.contains("step");
        boolean exported = names.contains("_step") || names.contains("value") || names.contains("run_id");
        if (!steps || exported) {
            return Recognition.NO;
        }
        return names.contains("epoch") ? Recognition.LIKELY : Recognition.POSSIBLE;
    }
}
