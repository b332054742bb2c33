package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a writing process, as {@code kill -9} does, again and again. A nightly build sets the number of kills to 100. */
class JournalKillTest {

    private static final int KILLS = Integer.getInteger("flopledger.kills", 6);
    private static final int ACKNOWLEDGED_PER_LIFE = 25;

    @TempDir
    Path directory;

    @Test
    void a_killed_writer_loses_nothing_it_acknowledged() throws Exception {
        Random random = new Random(42);
        int items = KILLS * ACKNOWLEDGED_PER_LIFE;
        TreeSet<Integer> acknowledged = new TreeSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            readThenKill(start(items), random.nextInt(ACKNOWLEDGED_PER_LIFE), acknowledged);
            KilledWriter.Items held = read();
            assertThat(held.numbers).as("after kill %d", kill).containsAll(acknowledged);
        }
        Process last = start(items);
        last.inputReader().lines().forEach(line -> acknowledged.add(Integer.parseInt(line)));
        assertThat(last.waitFor()).as(Files.readString(errors())).isZero();
        assertThat(read().numbers)
                .containsExactlyElementsOf(IntStream.range(0, items).boxed().toList());
    }

    private static void readThenKill(Process process, int lines, TreeSet<Integer> acknowledged) throws Exception {
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            for (int read = 0; line != null && read < lines; read++) {
                acknowledged.add(Integer.parseInt(line));
                line = output.readLine();
            }
            process.destroyForcibly();
            // What it had said before it died was acknowledged too; a line without its end was not.
            while (line != null && !line.isEmpty() && output.ready()) {
                acknowledged.add(Integer.parseInt(line));
                line = output.readLine();
            }
        }
        process.waitFor();
    }

    private Process start(int items) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        directory.toString(),
                        Integer.toString(items))
                .redirectError(errors().toFile())
                .start();
    }

    private Path errors() {
        return directory.resolve("errors.txt");
    }

    private KilledWriter.Items read() {
        KilledWriter.Items items = new KilledWriter.Items();
        try (BufferAllocator allocator = new RootAllocator()) {
            JournalReader.read(directory, false, allocator, items);
        } catch (JournalException e) {
            // Killed before its first commit.
            assertThat(e.kind()).isEqualTo(JournalException.Kind.NOT_A_LEDGER);
        }
        return items;
    }
}
