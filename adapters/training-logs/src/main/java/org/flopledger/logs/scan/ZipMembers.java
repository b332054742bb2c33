package org.flopledger.logs.scan;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Unpacks the files of a zip archive into a folder. Stateless.
 *
 * <p>The archive is untrusted: names in it are shown and never written to, so none leads out of the folder; all files together may have
 * no more bytes than {@link Unpacking#most} allows, and there may be no more than {@value #MOST_MEMBERS}.
 */
public final class ZipMembers {

    /** Files of an archive at most. */
    public static final int MOST_MEMBERS = 10_000;

    private ZipMembers() {}

    /**
     * A file of an archive.
     *
     * @param shown the path of the archive, and the file's below it
     * @param bytes where it was unpacked to
     * @param size its bytes
     */
    public record Member(Path shown, Path bytes, long size) {}

    /**
     * Unpacks an archive; the caller deletes what was unpacked.
     *
     * @param archive how the archive is called
     * @param bytes where its bytes are
     * @param folder receives a file for each member
     * @throws Unpacking.TooLargeException if it holds more than any log does
     * @throws java.util.zip.ZipException if it is damaged, or packed in a way that is not known
     */
    public static List<Member> unpack(Path archive, Path bytes, Path folder) throws IOException {
        List<Member> members = new ArrayList<>();
        Set<Path> names = new HashSet<>();
        long left = Unpacking.most(Files.size(bytes));
        try (InputStream stream = Files.newInputStream(bytes);
                var zip = new ZipInputStream(new BufferedInputStream(stream))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                if (members.size() == MOST_MEMBERS) {
                    throw new Unpacking.TooLargeException();
                }
                Path file = folder.resolve("member-" + members.size());
                long size = copy(zip, file, left);
                left -= size;
                Path shown = shown(archive, entry.getName(), members.size());
                members.add(
                        new Member(names.add(shown) ? shown : archive.resolve("member-" + members.size()), file, size));
            }
        }
        return members;
    }

    private static long copy(InputStream from, Path file, long most) throws IOException {
        long size;
        try (OutputStream out = Files.newOutputStream(file)) {
            size = new BoundedStream(from, most + 1).transferTo(out);
        }
        if (size > most) {
            throw new Unpacking.TooLargeException();
        }
        return size;
    }

    /** Returns the path of a member below its archive; one that would lead elsewhere, or is none, gets a name by its place. */
    private static Path shown(Path archive, String name, int place) {
        try {
            Path below = archive.resolve(name).normalize();
            boolean inside = below.startsWith(archive.normalize()) && !below.equals(archive.normalize());
            if (inside && !Path.of(name).isAbsolute()) {
                return archive.resolve(Path.of(name).normalize());
            }
        } catch (InvalidPathException e) {
            // Such a name is no path here.
        }
        return archive.resolve("member-" + place);
    }
}
