package org.flopledger.review;

/** Makes text from outside fit to be repeated in a message: short, and without control characters. */
final class MessageText {

    private static final int LONGEST = 80;

    private MessageText() {}

    static String brief(String text) {
        String start = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
