package org.flopledger.spark;

import org.jspecify.annotations.Nullable;

/**
 * The command line of the job.
 *
 * @param steps path of Parquet step tables, or null if {@code table} is given
 * @param table name of a table
 * @param runs path of the table of runs, or null
 * @param profile id of a profile
 * @param output folder to write
 */
record FleetOptions(
        @Nullable String steps,
        @Nullable String table,
        @Nullable String runs,
        String profile,
        String output) {

    private static final String USAGE =
            "usage: FleetTotals (--steps PATH | --table NAME) [--runs PATH] [--profile ID] --output FOLDER";

    static FleetOptions parse(String[] arguments) {
        String steps = null;
        String table = null;
        String runs = null;
        String profile = "eu-gpai";
        String output = null;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " has no value; " + USAGE);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--steps" -> steps = value;
                case "--table" -> table = value;
                case "--runs" -> runs = value;
                case "--profile" -> profile = value;
                case "--output" -> output = value;
                default -> throw new IllegalArgumentException(arguments[i] + " is no option; " + USAGE);
            }
        }
        if ((steps == null) == (table == null) || output == null) {
            throw new IllegalArgumentException(USAGE);
        }
        return new FleetOptions(steps, table, runs, profile, output);
    }
}
