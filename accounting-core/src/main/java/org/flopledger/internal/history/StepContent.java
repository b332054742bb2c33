package org.flopledger.internal.history;

import static org.flopledger.internal.history.StepContentWords.FLAGS;

import org.flopledger.telemetry.StepColumn;

/**
 * One content of the steps of a run: a view of its words, as {@link StepContentWords} lays them out.
 *
 * <p>It is made for stretches of equal steps, never for a row: admission works on the numbers. Confined to one thread, as its
 * contents are.
 *
 * @param contents where the words are
 * @param number the content's number in them
 */
public record StepContent(StepContents contents, int number) {

    /** Returns a word of {@link StepContentWords}; 0 where nothing is known. */
    public long word(int word) {
        return contents.word(word, number);
    }

    /** Returns a word that holds the bits of a real. */
    public double real(int word) {
        return Double.longBitsToDouble(word(word));
    }

    /** Returns whether a column is known. */
    public boolean isKnown(StepColumn column) {
        return (word(FLAGS) & StepContentWords.known(column)) != 0;
    }

    /** Returns the code of the stage. */
    public int stage() {
        return StepContentWords.codeIn(word(FLAGS), StepColumn.STAGE);
    }

    /** Returns the number of the model, or -1 where none is known. */
    public int model() {
        return (int) word(StepContentWords.MODEL) - 1;
    }

    /** Returns whether mixture-of-experts layers were active. */
    public boolean isMoe() {
        return (StepContentWords.codeIn(word(FLAGS), StepColumn.MOE) & 1) != 0;
    }

    /** Returns the code of the PEFT event. */
    public int peftEvent() {
        return StepContentWords.codeIn(word(FLAGS), StepColumn.PEFT_EVENT);
    }

    /** Returns the code of the PEFT technique. */
    public int peftMethod() {
        return StepContentWords.codeIn(word(FLAGS), StepColumn.PEFT_METHOD);
    }

    /** Returns the flags that are left when nothing is known but the stage. */
    public long flagsWithoutFigures() {
        return StepContentWords.code(StepColumn.STAGE, stage());
    }
}
