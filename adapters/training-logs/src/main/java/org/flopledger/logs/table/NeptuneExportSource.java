package org.flopledger.logs.table;

import java.util.List;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.metric.ColumnMapping;

/** Series exported from Neptune, one value a row: {@code run_id, attribute_path, step, timestamp, float_value}. */
public final class NeptuneExportSource extends TableSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public NeptuneExportSource() {
        super(new LogFormat("neptune-export"), ColumnMapping.named("neptune"));
    }

    @Override
    protected Recognition recognise(List<String> names) {
        boolean attribute = names.contains("attribute_path") || names.contains("attribute_name");
        boolean value = names.contains("float_value") || names.contains("value");
        return attribute && value && names.contains("step") ? Recognition.CERTAIN : Recognition.NO;
    }
}
