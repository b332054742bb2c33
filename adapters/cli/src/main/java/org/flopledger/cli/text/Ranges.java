package org.flopledger.cli.text;

import java.util.List;
import java.util.StringJoiner;

/** Writes rising numbers briefly: {@code 1-3, 7}. */
public final class Ranges {

    private Ranges() {}

    public static String of(List<Integer> rising) {
        var text = new StringJoiner(", ");
        int from = 0;
        while (from < rising.size()) {
            int to = from;
            while (to + 1 < rising.size() && rising.get(to + 1) == rising.get(to) + 1) {
                to++;
            }
            text.add(to == from ? rising.get(from).toString() : rising.get(from) + "-" + rising.get(to));
            from = to + 1;
        }
        return text.toString();
    }
}
