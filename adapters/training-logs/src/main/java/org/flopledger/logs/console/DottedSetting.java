package org.flopledger.logs.console;

import org.flopledger.logs.scan.Bytes;

/**
 * A setting as Megatron and DeepSpeed print it, {@code   hidden_size ........ 8192}, the name filled up with dots to a column. Confined
 * to one thread.
 */
public final class DottedSetting {

    private static final byte[] DOTS = Bytes.ascii(" ..");
    private static final int LONGEST_VALUE = 1 << 13;

    private String name = "";
    private String value = "";

    /** Takes a line; returns whether it is a setting. */
    public boolean take(ConsoleLine line) {
        int dots = line.find(DOTS);
        if (dots < 0) {
            return false;
        }
        int nameTo = dots;
        int nameFrom = nameTo;
        while (nameFrom > line.from() && isName(line.at(nameFrom - 1))) {
            nameFrom--;
        }
        int at = dots + 1;
        while (line.at(at) == '.') {
            at++;
        }
        boolean set = nameFrom < nameTo && line.at(at) == ' ';
        if (set) {
            name = line.text(nameFrom, nameTo, Byte.MAX_VALUE);
            value = line.text(at + 1, line.to(), LONGEST_VALUE).strip();
        }
        return set;
    }

    private static boolean isName(byte next) {
        return next == '_'
                || (next >= '0' && next <= '9')
                || (next >= 'A' && next <= 'Z')
                || (next >= 'a' && next <= 'z');
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the value as it is written. */
    public String value() {
        return value;
    }
}
