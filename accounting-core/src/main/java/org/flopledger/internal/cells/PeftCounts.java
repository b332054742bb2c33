package org.flopledger.internal.cells;

/** Keys of counted PEFT events: the code of the event and that of the technique. Stored in states. */
public final class PeftCounts {

    /** The technique code of an event whose technique is unknown. */
    public static final int UNNAMED = 0xff;

    private PeftCounts() {}

    public static int key(int event, int technique) {
        return (event << 8) | technique;
    }

    public static int event(int key) {
        return key >>> 8;
    }

    public static int technique(int key) {
        return key & 0xff;
    }
}
