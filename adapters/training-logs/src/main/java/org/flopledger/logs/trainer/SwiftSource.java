package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.util.Map;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * The logging.jsonl of ms-swift. Its last line repeats the whole history and is no entry; {@code tokens_this_step} of some versions
 * counts one process and is left out.
 */
public final class SwiftSource extends EntryLinesSource {

    private static final byte[] STEPS = Bytes.ascii("\"global_step/max_steps\"");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public SwiftSource() {
        super("ms-swift");
    }

    @Override
    public Recognition recognise(LogHead head) {
        return head.contains(STEPS) && !head.text().contains("{'") ? Recognition.CERTAIN : Recognition.NO;
    }

    @Override
    @Nullable
    Map<String, BigDecimal> entry(LineReader line, Map<String, String> texts) {
        return line.find(STEPS) < 0 ? null : super.entry(line, texts);
    }
}
