package org.flopledger.cli.options;

/** How a command ended, as the shell sees it. The codes are a promise to scripts. */
public enum ExitStatus {
    /** Everything asked for was done and nothing was crossed. */
    FINE(0),
    /** Something asked for could not be done, or nothing usable was found. */
    FAILURE(1),
    /** The arguments make no sense. */
    USAGE(2),
    /** A threshold was crossed. */
    CROSSED(3),
    /** No threshold was crossed as far as is known, and too little is known to say that none was. */
    UNDETERMINED(4);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
