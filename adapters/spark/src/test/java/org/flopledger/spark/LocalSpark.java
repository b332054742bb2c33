package org.flopledger.spark;

import org.apache.spark.sql.SparkSession;

/** The real engine with two threads in this process. */
final class LocalSpark {

    private LocalSpark() {}

    static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 4)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.catalog.flop", FlopCatalog.class.getName())
                .getOrCreate();
    }
}
