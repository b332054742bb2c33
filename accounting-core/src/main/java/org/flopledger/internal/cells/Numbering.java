package org.flopledger.internal.cells;

import java.util.Arrays;
import java.util.List;

/** The numbers that an account gives to the names of a batch, or of another account, each looked up when first asked for. */
public final class Numbering {

    private final Names names;
    private final List<String> texts;
    private final int[] numbers;

    public Numbering(Names names, List<String> texts) {
        this.names = names;
        this.texts = texts;
        numbers = new int[texts.size()];
        Arrays.fill(numbers, -1);
    }

    /** Returns the account's number of a name, given its index among the texts. */
    public int number(int index) {
        int number = numbers[index];
        if (number < 0) {
            number = names.number(texts.get(index));
            numbers[index] = number;
        }
        return number;
    }
}
