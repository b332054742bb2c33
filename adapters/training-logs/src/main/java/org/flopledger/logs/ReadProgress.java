package org.flopledger.logs;

/** Told how far reading has come. Called on the reading thread; must be quick. */
@FunctionalInterface
public interface ReadProgress {

    /**
     * A file has been read.
     *
     * @param done files read so far, at least 1
     * @param files files to read in all
     */
    void onFile(long done, long files);
}
