package org.flopledger.cli.text;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * The stream a command prints to: the one place where text from outside is made harmless, so that no printer has to remember it.
 *
 * <p>What is printed as one line is one line: {@link #println(String)} escapes line breaks too. Whatever else is written keeps its
 * line breaks and loses every other control character. JSON passes unchanged, since its writer escapes by its own rules.
 */
public final class EscapingWriter extends PrintWriter {

    private final PrintWriter target;

    public EscapingWriter(PrintWriter target) {
        super(new Lines(target), false);
        this.target = target;
    }

    /** Returns the stream behind this one, for what draws on a terminal on purpose; never for text from outside. */
    public PrintWriter unescaped() {
        flush();
        return target;
    }

    @Override
    public void println(String line) {
        write(ShownText.escaped(String.valueOf(line)));
        println();
    }

    @Override
    public void println() {
        write('\n');
    }

    @Override
    public void println(Object line) {
        println(String.valueOf(line));
    }

    @Override
    public boolean checkError() {
        return super.checkError() || target.checkError();
    }

    private static final class Lines extends Writer {

        private final PrintWriter target;

        Lines(PrintWriter target) {
            this.target = target;
        }

        @Override
        public void write(char[] text, int from, int length) {
            int safeFrom = from;
            for (int i = from; i < from + length; i++) {
                if (!isKept(text[i])) {
                    target.write(text, safeFrom, i - safeFrom);
                    target.write(ShownText.escaped(String.valueOf(text[i])));
                    safeFrom = i + 1;
                }
            }
            target.write(text, safeFrom, from + length - safeFrom);
        }

        /** Surrogates come apart at the borders of buffers; whole lines were looked at before. */
        private static boolean isKept(char c) {
            return c == '\n' || ShownText.isSafe(c) || Character.isSurrogate(c);
        }

        @Override
        public void flush() {
            target.flush();
        }

        @Override
        public void close() throws IOException {
            target.flush();
        }
    }
}
