package org.flopledger.logs;

import java.io.IOException;
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

/** Lists the files below the paths a user named, each once, in the order of their paths. */
final class FileWalk {

    private static final int DEEPEST_FOLDER = 64;

    private final Rejections rejections;
    /** By real path, so that a file reached twice is read once; the value is the path as the user wrote it. */
    private final Map<Path, Path> files = new TreeMap<>();

    FileWalk(Rejections rejections) {
        this.rejections = rejections;
    }

    List<Path> below(List<Path> roots) {
        for (Path root : roots) {
            if (!Files.exists(root)) {
                rejections.add(RejectionReason.MISSING_PATH, root);
            } else {
                int before = files.size();
                walk(root);
                if (files.size() == before && Files.isDirectory(root) && !holdsKnownFile(root)) {
                    rejections.add(RejectionReason.EMPTY_FOLDER, root);
                }
            }
        }
        return new ArrayList<>(files.values());
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
            rejections.add(RejectionReason.UNREADABLE, root);
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
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile()) {
                files.putIfAbsent(file.toRealPath(), file);
            } else {
                rejections.add(RejectionReason.NOT_A_REGULAR_FILE, file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            rejections.add(RejectionReason.UNREADABLE, file);
            return FileVisitResult.CONTINUE;
        }
    }
}
