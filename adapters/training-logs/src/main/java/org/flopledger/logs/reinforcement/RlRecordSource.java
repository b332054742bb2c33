package org.flopledger.logs.reinforcement;

import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Pairs;
import org.flopledger.logs.console.Words;
import org.flopledger.logs.scan.FileHead;

/** A format with one JSON record a step. */
abstract class RlRecordSource extends ConsoleSource {

    private final RlNames names;

    /**
     * Creates the source of a format.
     *
     * @param label name of the format
     * @param names what it calls the figures of a step
     * @param marks names one of which is in a record
     */
    RlRecordSource(String label, RlNames names, String... marks) {
        super(
                label,
                "\"(" + String.join("|", marks) + ")\": *[\\d.]",
                List.of(marks).stream().map(mark -> '"' + mark + '"').toArray(String[]::new));
        this.names = names;
    }

    /** Only files that begin like JSON are of this kind, and texts are not searched for them. */
    @Override
    public final List<byte[]> markers() {
        return List.of();
    }

    @Override
    public final Recognition recognise(LogHead head) {
        boolean record = head.kind() == FileHead.Kind.JSON && head.jsonNames().contains("step");
        return record ? super.recognise(head) : Recognition.NO;
    }

    @Override
    protected final ConsoleReader reader() {
        return new Reader(names);
    }

    /** Reads one file. Confined to one thread. */
    private static final class Reader extends RlReader {

        private final RlNames names;
        private final Pairs pairs = new Pairs('"');

        Reader(RlNames names) {
            this.names = names;
        }

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            int from = line.skipBlanks(line.from());
            if (line.at(from) != '{') {
                return false;
            }
            begin(line, from);
            fill(pairs.over(line, from), names, step());
            double number = step().get(RlFigure.STEP);
            if (number >= 0 && number == Math.rint(number)) {
                commit(line, file, (long) number);
            }
            return true;
        }
    }

    /** Takes the figures of a record. The first of a kind counts, so an object inside cannot change the number of the step. */
    static void fill(Pairs pairs, RlNames names, RlStep step) {
        Words words = names.words();
        for (int name = pairs.next(words); name != Words.NONE; name = pairs.next(words)) {
            if (!step.has(names.meaning(name))) {
                step.put(names.meaning(name), pairs.decimal());
            }
        }
    }
}
