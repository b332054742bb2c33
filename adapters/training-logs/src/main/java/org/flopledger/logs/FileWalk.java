package org.flopledger.logs;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lists the files below the paths a user named, each once, in the order of their paths. Confined to one thread. */
final class FileWalk {

    private static final int DEEPEST_FOLDER = 64;

    private final Rejections rejections = new Rejections();
    private final List<FileUse> unused = new ArrayList<>();
    /** By real path, so that a file reached twice is read once; the value is the path as the user wrote it. */
    private final Map<Path, Found> files = new TreeMap<>();

    /**
     * A regular file.
     *
     * @param path where it lies, as the user wrote it
     * @param bytes where its bytes are; another path for what came over standard input
     * @param size its bytes
     */
    record Found(Path path, Path bytes, long size) {}

    List<Found> below(List<Path> roots) {
        for (Path root : roots) {
            if (root.equals(StandardInput.NAME)) {
                takeStandardInput();
            } else if (!Files.exists(root)) {
                leave(root, RejectionReason.MISSING_PATH);
            } else {
                int before = files.size();
                walk(root);
                if (files.size() == before && Files.isDirectory(root) && !holdsKnownFile(root)) {
                    rejections.add(RejectionReason.EMPTY_FOLDER, root);
                }
            }
        }
        List<Found> found = List.copyOf(files.values());
        // Real paths of very many files are a burden nobody needs any more.
        files.clear();
        return found;
    }

    /** Returns what is not used of what was found, by reason. */
    Rejections rejections() {
        return rejections;
    }

    /** Returns the paths that are not read, each with its reason. */
    List<FileUse> unused() {
        return unused;
    }

    private void leave(Path path, RejectionReason reason) {
        rejections.add(reason, path);
        unused.add(new FileUse(path, FileUse.Use.UNUSED, null, reason));
    }

    private void takeStandardInput() {
        try {
            Path spooled = StandardInput.spooled();
            long size = Files.size(spooled);
            files.putIfAbsent(spooled, new Found(StandardInput.SHOWN, spooled, size));
            if (size > StandardInput.MOST) {
                rejections.add(RejectionReason.STANDARD_INPUT_CUT, StandardInput.SHOWN);
            }
        } catch (IOException e) {
            leave(StandardInput.SHOWN, RejectionReason.UNREADABLE);
        }
    }

    private boolean holdsKnownFile(Path root) {
        try {
            Path real = root.toRealPath();
            return files.keySet().stream().anyMatch(file -> file.startsWith(real));
        } catch (IOException e) {
            return false;
        }
    }

    private void walk(Path root) {
        try {
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST_FOLDER, new Collector(root));
        } catch (IOException e) {
            leave(root, RejectionReason.UNREADABLE);
        }
    }

    private final class Collector extends SimpleFileVisitor<Path> {

        private final Path root;

        Collector(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            Path name = folder.getFileName();
            // Version control keeps copies of everything under names that mean nothing.
            boolean hidden = name != null && name.toString().equals(".git") && !folder.equals(root);
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isRegularFile()) {
                leave(file, RejectionReason.NOT_A_REGULAR_FILE);
                return FileVisitResult.CONTINUE;
            }
            try {
                files.putIfAbsent(file.toRealPath(), new Found(file, file, attributes.size()));
            } catch (IOException e) {
                // It vanished while the folder was listed.
                leave(file, RejectionReason.UNREADABLE);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            boolean circle = failure instanceof FileSystemLoopException;
            leave(file, circle ? RejectionReason.LINK_CIRCLE : RejectionReason.UNREADABLE);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
            if (failure != null) {
                leave(folder, RejectionReason.UNREADABLE);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
