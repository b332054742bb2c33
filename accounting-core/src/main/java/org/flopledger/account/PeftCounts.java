package org.flopledger.account;

/** Keys of counted PEFT events: the code of the event and that of the technique. Stored in states. */
final class PeftCounts {

    /** The technique code of an event whose technique is unknown. */
    static final int UNNAMED = 0xff;

    private PeftCounts() {}

    static int key(int event, int technique) {
        return (event << 8) | technique;
    }

    static int event(int key) {
        return key >>> 8;
    }

    static int technique(int key) {
        return key & 0xff;
    }
}
