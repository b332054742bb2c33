package org.flopledger.jmh;

/**
 * How much a scoreboard run does.
 *
 * @param rows rows of the fold data, far larger than the cache
 * @param rounds timed rounds of each task
 * @param mostRows the most rows of the growth series
 * @param steadyRows rows that take long enough to be timed
 * @param recordRounds rounds of the recorder, a million steps each
 */
record Scale(long rows, int rounds, long mostRows, long steadyRows, int recordRounds) {

    static final Scale QUICK = new Scale(1L << 23, 5, 100_000_000L, 10_000_000L, 8);
    static final Scale FULL = new Scale(1L << 25, 9, 1_000_000_000L, 100_000_000L, 20);
}
