package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.journal.JournalOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on real files: what it asks of the file system, and what it does when that refuses. */
class RealFilesTest {

    private static final JournalOptions OPTIONS = JournalOptions.durable();

    @TempDir
    private Path folder;

    private final BufferAllocator allocator = new RootAllocator();
    private final WatchedFileSystem files = new WatchedFileSystem(FileSystems.getDefault());

    @AfterEach
    void nothingIsLeftBehind() {
        allocator.close();
    }

    private Path ledger() {
        return folder.resolve("above").resolve("ledger");
    }

    private Journal open() {
        return Journal.open(files.path(ledger()), OPTIONS, allocator, new RecordingReplay());
    }

    private static long append(Journal journal, String text) {
        return journal.append(List.of(JournalFact.of(JournalFact.Kind.PROFILE, text)));
    }

    private List<String> read() {
        RecordingReplay replay = new RecordingReplay();
        JournalReader.read(ledger(), true, allocator, replay);
        return replay.entries();
    }

    @Test
    void makesDirectoriesForTheirOwnerAndPutsTheirNamesOnTheDisk() throws IOException {
        open().close();

        assertThat(files.takeCalls())
                .containsSubsequence("createDirectory above", "force " + folder.getFileName())
                .containsSubsequence("createDirectory ledger", "force above", "open LOCK");
        Assumptions.assumeTrue(
                folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ledger())))
                .isEqualTo("rwx------");
        try (Journal journal = open()) {
            append(journal, "one");
        }
        try (Stream<Path> all = Files.list(ledger())) {
            assertThat(all.toList())
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void isOnTheDiskBeforeItIsAcknowledged() {
        try (Journal journal = open()) {
            append(journal, "first");
            files.takeCalls();
            long commit = append(journal, "second");
            assertThat(files.takeCalls()).containsExactly("write journal-000000001.arrows");
            journal.awaitDurable(commit);
            assertThat(files.takeCalls()).containsExactly("force journal-000000001.arrows");
        }
    }

    @Test
    void putsTheNameOfANewSegmentOnTheDisk() {
        try (Journal journal = open()) {
            files.takeCalls();
            append(journal, "first");
            assertThat(files.takeCalls())
                    .containsSubsequence(
                            "open journal-000000001.arrows",
                            "write journal-000000001.arrows",
                            "force journal-000000001.arrows",
                            "force ledger");
        }
    }

    @Test
    void asksForTheLockBeforeItTouchesAnything() {
        open().close();
        assertThat(files.takeCalls()).containsSubsequence("open LOCK", "lock LOCK", "truncate LOCK");
    }

    @Test
    void putsTheAbsenceOfATornSegmentOnTheDiskBeforeAnotherIsBegun() throws IOException {
        Files.createDirectories(ledger());
        Path torn = ledger().resolve("journal-000000001.arrows");
        Files.write(torn, new byte[] {1, 2, 3});
        try (Journal journal = open()) {
            assertThat(journal.recovery().tornFile()).isEqualTo("journal-000000001.arrows");
            List<String> calls = files.takeCalls();
            int deleted = calls.indexOf("delete journal-000000001.arrows");
            assertThat(deleted).isPositive();
            assertThat(calls.subList(deleted + 1, deleted + 3)).containsExactly("openFollowing ledger", "force ledger");
        }
        assertThat(torn).doesNotExist();
    }

    @Test
    void stopsWhenTheFlushOrTheNameOfASegmentIsRefused() {
        for (String refused : List.of("force", "write")) {
            Journal journal = open();
            long first = append(journal, "acknowledged before " + refused);
            journal.awaitDurable(first);
            List<JournalException> told = new ArrayList<>();
            journal.onStop(told::add);
            files.watch((what, path) -> {
                if (what.equals(refused) && path.toString().endsWith(".arrows")) {
                    throw new IOException("refused");
                }
            });
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.awaitDurable(append(journal, "never acknowledged " + refused)))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.INPUT_OUTPUT));
            assertThat(told).as("told once, at once").hasSize(1);
            RecordingReplay durable = new RecordingReplay();
            journal.replay(true, allocator, durable);
            assertThat(durable.entries()).contains("PROFILE acknowledged before " + refused);
            assertThat(durable.entries()).doesNotContain("PROFILE never acknowledged " + refused);
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> append(journal, "later"));
            files.watch((what, path) -> {});
            journal.close();
        }
        assertThat(read()).contains("PROFILE acknowledged before force", "PROFILE acknowledged before write");
    }

    @Test
    void aRefusedDirectoryFlushStopsTheOpening() throws IOException {
        Files.createDirectories(ledger());
        files.watch((what, path) -> {
            if (what.equals("force") && path.endsWith("ledger")) {
                throw new IOException("refused");
            }
        });
        try (Journal journal = open()) {
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> append(journal, "first"));
        }
    }

    @Test
    void aTornEndIsNotCutWhereALaterRecordSaysThatItWasOnTheDisk() throws IOException {
        Path segment;
        long middle;
        try (Journal journal = open()) {
            journal.awaitDurable(append(journal, "first"));
            segment = ledger().resolve("journal-000000001.arrows");
            middle = Files.size(segment);
            journal.awaitDurable(append(journal, "second"));
            journal.awaitDurable(append(journal, "third"));
        }
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[16]), middle + 64);
        }
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(this::open)
                .withMessageContaining("a later record says that it was on the disk");
    }

    @Test
    void aPlantedLinkIsNotFollowed() throws IOException {
        Files.createDirectories(ledger());
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Files.createSymbolicLink(ledger().resolve("LOCK"), victim);

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(this::open)
                .withMessageContaining("the ledger cannot be locked");
        assertThat(victim).hasContent("precious");

        Files.delete(ledger().resolve("LOCK"));
        Files.createSymbolicLink(ledger().resolve("journal-000000001.arrows"), victim);
        try (Journal journal = open()) {
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> append(journal, "first"));
        }
        assertThat(victim).hasContent("precious");
    }

    @Test
    void anotherProcessIsKeptOut() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        ledger().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("open");
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(this::open)
                    .withMessageContaining("(process " + child.pid() + ")")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.LOCKED));
        } finally {
            child.getOutputStream().close();
            child.waitFor();
        }
        open().close();
        assertThat(read()).containsExactly("PROFILE held");
    }

    /** Holds a journal open until its input ends. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (BufferAllocator allocator = new RootAllocator();
                    Journal journal = Journal.open(Path.of(arguments[0]), OPTIONS, allocator, new RecordingReplay())) {
                append(journal, "held");
                System.out.println("open");
                int unused = System.in.read();
            }
        }
    }
}
