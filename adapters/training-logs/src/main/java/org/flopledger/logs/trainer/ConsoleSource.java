package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/** The dictionaries that trainers of transformers, TRL and ms-swift print on the console, between whatever else is printed there. */
public final class ConsoleSource extends EntrySource {

    private static final byte[] LOSS = Bytes.ascii("{'loss': ");
    private static final byte[] RUNTIME = Bytes.ascii("{'train_runtime': ");
    private static final byte[] EVALUATION = Bytes.ascii("{'eval_");
    private static final byte[] DICTIONARY = Bytes.ascii("{'");
    private static final Pattern TELLING = Pattern.compile("'(loss|train_runtime|eval_loss)': ");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public ConsoleSource() {
        super("trainer-console");
    }

    @Override
    public Recognition recognise(LogHead head) {
        boolean told = head.contains(LOSS) || head.contains(RUNTIME) || head.contains(EVALUATION);
        return told ? Recognition.LIKELY : Recognition.NO;
    }

    @Override
    public List<byte[]> markers() {
        return List.of(LOSS, RUNTIME);
    }

    @Override
    @Nullable
    Map<String, BigDecimal> entry(LineReader line, Map<String, String> texts) {
        if (line.find(DICTIONARY) < 0) {
            return null;
        }
        String text = line.text();
        return TELLING.matcher(text).find() ? PythonLiteral.numbers(text, texts) : null;
    }
}
