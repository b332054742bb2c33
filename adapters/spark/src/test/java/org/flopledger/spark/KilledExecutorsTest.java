package org.flopledger.spark;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executors in processes of their own, of which one is killed in the middle of a task and one task runs twice. */
@Tag("cluster")
class KilledExecutorsTest {

    @TempDir
    private Path folder;

    @Test
    void theStatesAreThoseOfOneThread() throws IOException {
        List<String> entries = List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator));
        layOut(Path.of(System.getenv("SPARK_HOME"), "jars"), entries);
        try (SparkSession spark = session(entries)) {
            String marks = folder.toString();
            Dataset<Row> steps = FleetData.steps(spark);
            Map<String, byte[]> expected = FleetData.inOneThread(steps.collectAsList());
            Dataset<Row> troubled = steps.repartition(6)
                    .mapPartitions(
                            (MapPartitionsFunction<Row, Row>) rows -> trouble(rows, marks),
                            Encoders.row(steps.schema()));
            List<Row> states = troubled.groupBy("run")
                    .agg(expr("flop.ledger_build(struct(*))").as("state"))
                    .collectAsList();
            assertThat(folder.resolve("killed")).exists();
            assertThat(states).hasSize(expected.size());
            for (Row row : states) {
                assertThat(row.<byte[]>getAs(1)).as(row.getString(0)).isEqualTo(expected.get(row.getString(0)));
            }
            assertThat(folder.resolve("failed")).exists();
        }
    }

    /** A folder as an installation has it: executors take their class path from its jars. */
    private static void layOut(Path jars, List<String> entries) throws IOException {
        Files.createDirectories(jars);
        for (String entry : entries) {
            Path jar = Path.of(entry).toAbsolutePath();
            Path link = jars.resolve(jar.getFileName());
            if (entry.endsWith(".jar") && Files.exists(jar) && !Files.exists(link)) {
                Files.createSymbolicLink(link, jar);
            }
        }
    }

    private static SparkSession session(List<String> entries) {
        String own = String.join(
                java.io.File.pathSeparator,
                entries.stream().filter(entry -> !entry.endsWith(".jar")).toList());
        return SparkSession.builder()
                .master("local-cluster[2,1,900]")
                .config("spark.executor.memory", "600m")
                .config("spark.executor.extraClassPath", own)
                .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 4)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.catalog.flop", FlopCatalog.class.getName())
                .getOrCreate();
    }

    private static Iterator<Row> trouble(Iterator<Row> rows, String marks) {
        List<Row> all = new ArrayList<>();
        rows.forEachRemaining(all::add);
        int partition = TaskContext.getPartitionId();
        if (partition == 2 && isFirst(marks, "killed")) {
            // As a machine that is gone: no exception, no report.
            Runtime.getRuntime().halt(137);
        }
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < all.size();
            }

            @Override
            public Row next() {
                if (partition == 4 && next == all.size() / 2 && isFirst(marks, "failed")) {
                    throw new IllegalStateException("a task fails after it has folded half of its rows");
                }
                return all.get(next++);
            }
        };
    }

    private static boolean isFirst(String marks, String what) {
        try {
            Files.createFile(Path.of(marks, what));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
