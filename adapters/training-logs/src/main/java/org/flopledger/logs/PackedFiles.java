package org.flopledger.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipException;
import org.flopledger.logs.FileDispatch.Outcome;
import org.flopledger.logs.FileWalk.Found;
import org.flopledger.logs.scan.ZipMembers;
import org.jspecify.annotations.Nullable;

/**
 * Puts the files of zip archives in the place of the archives: each is read like a file below a folder of the archive's name. Archives
 * within archives are not opened. Confined to one thread; closing it deletes what was unpacked.
 */
final class PackedFiles implements AutoCloseable {

    private final List<Found> files = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Path> unpacked = new ArrayList<>();
    private @Nullable Path folder;

    /** Reads the files of every archive among files that were read. */
    PackedFiles(List<Found> found, List<Outcome> read, ParallelReading reading, int threads) {
        for (int i = 0; i < found.size(); i++) {
            if (read.get(i).reason() == RejectionReason.UNSUPPORTED_ZIP) {
                open(found.get(i), read.get(i), reading, threads);
            } else {
                add(found.get(i), read.get(i));
            }
        }
    }

    /** Returns the files, those of an archive where it was. */
    List<Found> files() {
        return files;
    }

    /** Returns what came of each. */
    List<Outcome> outcomes() {
        return outcomes;
    }

    private void add(Found file, Outcome outcome) {
        files.add(file);
        outcomes.add(outcome);
    }

    private void open(Found archive, Outcome closed, ParallelReading reading, int threads) {
        try {
            List<Found> members = members(archive);
            if (members.isEmpty()) {
                add(archive, closed);
                return;
            }
            files.addAll(members);
            outcomes.addAll(reading.read(members, threads));
        } catch (IOException e) {
            var rejections = new Rejections();
            RejectionReason reason = FileDispatch.reason(e);
            rejections.add(reason, archive.path());
            add(archive, new Outcome(null, reason, false, rejections.toList()));
        }
    }

    private List<Found> members(Found archive) throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory("flopledger-");
        }
        Path into = Files.createTempDirectory(folder, "archive-");
        unpacked.add(into);
        try {
            return ZipMembers.unpack(archive.path(), archive.bytes(), into).stream()
                    .sorted(Comparator.comparing(ZipMembers.Member::shown))
                    .map(member -> new Found(member.shown(), member.bytes(), member.size()))
                    .toList();
        } catch (IllegalArgumentException e) {
            // What the JDK throws for names that are no text.
            throw (ZipException) new ZipException("the archive is damaged").initCause(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Path each : unpacked) {
            try (var members = Files.newDirectoryStream(each)) {
                for (Path member : members) {
                    Files.deleteIfExists(member);
                }
            }
            Files.deleteIfExists(each);
        }
        if (folder != null) {
            Files.deleteIfExists(folder);
        }
    }
}
