package org.flopledger.internal.book;

import static org.flopledger.internal.history.StepContentWords.FLAGS;

import java.util.List;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.kernel.RealRange;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Says whether the words of a stored content are those of a row that validation would have accepted. */
final class ContentCheck {

    /** Reported FLOP are below 2^100 a step, as in validation. */
    private static final int REPORTED_BITS_ABOVE_LONG = 36;

    private ContentCheck() {}

    /** Returns what is wrong with a content, or null if nothing is. */
    static @Nullable String fault(StepContent content) {
        if (!StepContentWords.hasOnlyKnownFlags(content.word(FLAGS))
                || content.stage() >= Stage.values().length
                || content.peftEvent() >= PeftEvent.values().length
                || content.peftMethod() >= PeftTechnique.values().length) {
            return "flags of a content are 0x" + Long.toHexString(content.word(FLAGS))
                    + ", must be known columns, a stage and codes of known columns";
        }
        List<StepColumn> columns = StepContentWords.columns();
        int word = StepContentWords.TOKENS;
        for (StepColumn column : columns) {
            boolean isWide = column == StepColumn.REPORTED_FLOP;
            boolean isKnown = content.isKnown(column);
            boolean isGood = isKnown
                    ? isValid(column, content, word)
                    : content.word(word) == 0 && (!isWide || content.word(word + 1) == 0);
            if (!isGood) {
                return column.columnName() + " of a content is not what a valid row has, or given where unknown";
            }
            word += isWide ? 2 : 1;
        }
        return null;
    }

    private static boolean isValid(StepColumn column, StepContent content, int word) {
        long value = content.word(word);
        return switch (column) {
            case SEQUENCES, DEVICES -> value >= 0 && value <= Integer.MAX_VALUE;
            case PADDING_TOKENS ->
                value >= 0 && (!content.isKnown(StepColumn.TOKENS) || value <= content.word(StepContentWords.TOKENS));
            case REPORTED_FLOP -> content.word(word + 1) >>> REPORTED_BITS_ABOVE_LONG == 0;
            case DEVICE_SECONDS, ENERGY_JOULES -> isReal(value, RealRange.MOST);
            case UTILISATION -> isReal(value, 1);
            default -> value >= 0;
        };
    }

    private static boolean isReal(long bits, double most) {
        double value = Double.longBitsToDouble(bits);
        return value == 0 || (value >= RealRange.LEAST && value <= most);
    }
}
