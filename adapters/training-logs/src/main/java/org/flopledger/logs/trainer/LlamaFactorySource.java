package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/** LLaMA-Factory's trainer_log.jsonl: its durations are {@code 4 days, 7:19:52}, its total_tokens 0 where nobody asked for them. */
public final class LlamaFactorySource extends EntryLinesSource {

    private static final byte[] CURRENT = Bytes.ascii("\"current_steps\"");
    private static final byte[] TOTAL = Bytes.ascii("\"total_steps\"");
    private static final Pattern DURATION = Pattern.compile("(?:(\\d{1,6}) days?, )?(\\d{1,2}):(\\d{2}):(\\d{2})");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public LlamaFactorySource() {
        super("llama-factory");
    }

    @Override
    public Recognition recognise(LogHead head) {
        return head.contains(CURRENT) && head.contains(TOTAL) ? Recognition.CERTAIN : Recognition.NO;
    }

    @Override
    @Nullable
    Map<String, BigDecimal> entry(LineReader line, Map<String, String> texts) {
        Map<String, BigDecimal> figures = super.entry(line, texts);
        if (figures == null || !figures.containsKey("current_steps")) {
            return null;
        }
        BigDecimal tokens = figures.get("total_tokens");
        if (tokens != null && tokens.signum() > 0) {
            figures.put("num_input_tokens_seen", tokens);
        }
        Matcher elapsed = DURATION.matcher(texts.getOrDefault("elapsed_time", ""));
        if (elapsed.matches()) {
            figures.put(HistoryFigures.ELAPSED, BigDecimal.valueOf(seconds(elapsed)));
        }
        return figures;
    }

    private static long seconds(Matcher elapsed) {
        long days = elapsed.group(1) == null ? 0 : Long.parseLong(elapsed.group(1));
        return ((days * 24 + Long.parseLong(elapsed.group(2))) * 60 + Long.parseLong(elapsed.group(3))) * 60
                + Long.parseLong(elapsed.group(4));
    }
}
