package org.flopledger.cli.options;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the words that somebody may have meant. */
public final class Nearest {

    private static final int MOST_WORDS = 3;
    private static final int LETTERS_FOR_ONE_SLIP = 3;

    private Nearest() {}

    /** Returns {@code "; did you mean a or b?"}, or nothing where no word is near. */
    public static String question(String typed, Collection<String> words) {
        List<String> near = of(typed, words);
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    /** Returns the nearest words, the nearest first: those that differ in at most one letter of three, or begin or end alike. */
    static List<String> of(String typed, Collection<String> words) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        int most = Math.max(1, wanted.length() / LETTERS_FOR_ONE_SLIP);
        return words.stream()
                .distinct()
                .filter(word -> distance(wanted, word.toLowerCase(Locale.ROOT)) <= most
                        || (wanted.length() > LETTERS_FOR_ONE_SLIP
                                && word.toLowerCase(Locale.ROOT).startsWith(wanted)))
                .sorted(Comparator.comparingInt((String word) -> distance(wanted, word.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_WORDS)
                .collect(Collectors.toList());
    }

    /** Returns how many letters must be put in, left out, exchanged or swapped with their neighbour. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchanged = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(exchanged, 1 + Math.min(row[j - 1], last[j]));
                boolean isSwap =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                row[j] = isSwap ? Math.min(row[j], beforeLast[j - 2] + 1) : row[j];
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
