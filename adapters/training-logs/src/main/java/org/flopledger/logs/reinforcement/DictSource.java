package org.flopledger.logs.reinforcement;

import java.util.regex.Pattern;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.Pairs;

/** A format whose step lines are a mark, the number of the step, and a dictionary as Python prints it. */
abstract class DictSource extends ConsoleSource {

    private final RlNames names;
    private final Key mark;
    private final boolean separate;

    /**
     * Creates the source of a format.
     *
     * @param label name of the format
     * @param mark what stands before the number of the step
     * @param separate whether the lines tell each pass apart
     * @param names what it calls the figures of a step
     */
    DictSource(String label, String mark, boolean separate, RlNames names) {
        super(label, Pattern.quote(mark) + "\\d+: *\\{", mark);
        this.names = names;
        this.mark = Key.of(mark);
        this.separate = separate;
    }

    @Override
    protected final ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one log. Confined to one thread. */
    private final class Reader extends RlReader {

        private final Pairs pairs = new Pairs('\'');

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            int number = mark.behind(line);
            int behind = number < 0 ? number : line.skipDigits(number);
            boolean told = number >= 0
                    && behind > number
                    && line.at(behind) == ':'
                    && line.at(line.skipBlanks(behind + 1)) == '{';
            if (told) {
                begin(line, mark.at(line));
                RlRecordSource.fill(pairs.over(line, behind), names, step());
                if (!separate) {
                    rows().phasesAreMixed();
                }
                commit(line, file, line.whole(number));
            }
            return told;
        }
    }
}
