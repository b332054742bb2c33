package org.flopledger.logs.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.metric.SettingsYaml;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.RegularFiles;
import org.jspecify.annotations.Nullable;

/**
 * The file store of MLflow: {@code meta.yaml} of a run, beside it {@code metrics/NAME} with lines {@code milliseconds value step},
 * {@code params/NAME} with one value and no line end, and {@code tags}, whose texts are not kept. A name may have folders in it.
 */
public final class MlflowSource implements LogSource<MlflowSource.Part> {

    private static final LogFormat FORMAT = new LogFormat("mlflow");
    private static final Pattern RUN = Pattern.compile("(?m)^(run_id|run_uuid): *\\S");
    private static final Pattern POINT = Pattern.compile("\\A-?\\d{1,18} \\S+( -?\\d{1,18})?(?=\\R|\\z)");
    private static final int LONGEST_PARAM = 1 << 13;
    private static final int DEEPEST_NAME = 8;

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public MlflowSource() {}

    /** What one file tells. */
    public static final class Part {

        private final Path run;
        private final Kind kind;
        private final String name;
        private final @Nullable MetricPoints points;
        private final @Nullable ObjectNode meta;
        private final String text;

        private Part(Place place, @Nullable MetricPoints points, @Nullable ObjectNode meta, String text) {
            this.run = place.run();
            this.kind = place.kind();
            this.name = place.name();
            this.points = points;
            this.meta = meta;
            this.text = text;
        }
    }

    private enum Kind {
        META,
        METRIC,
        PARAM,
        TAG
    }

    /** Which run a file belongs to, and what it is of it. */
    private record Place(Path run, Kind kind, String name) {}

    @Override
    public LogFormat format() {
        return FORMAT;
    }

    @Override
    public Turn turn() {
        return Turn.TRACKERS;
    }

    @Override
    public Recognition recognise(LogHead head) {
        if (head.kind() != FileHead.Kind.TEXT && head.kind() != FileHead.Kind.JSON) {
            return Recognition.NO;
        }
        Place place = place(head.path());
        if (place == null) {
            return Recognition.NO;
        }
        return switch (place.kind()) {
            case META -> head.finds(RUN) ? Recognition.CERTAIN : Recognition.NO;
            case METRIC -> head.finds(POINT) ? Recognition.CERTAIN : Recognition.NO;
            case PARAM, TAG -> Recognition.CERTAIN;
        };
    }

    /** A file store is a layout of folders, so here the path tells. */
    private static @Nullable Place place(Path path) {
        Path file = path.toAbsolutePath().normalize();
        Path folder = file.getParent();
        if (folder == null || file.getFileName() == null) {
            return null;
        }
        if (file.getFileName().toString().equals("meta.yaml")) {
            return new Place(folder, Kind.META, "");
        }
        Path at = folder;
        for (int up = 0; up < DEEPEST_NAME && at != null && at.getFileName() != null && at.getParent() != null; up++) {
            Kind kind = kind(at.getFileName().toString());
            if (kind != null && RegularFiles.isReadable(at.getParent().resolve("meta.yaml"))) {
                String name = at.relativize(file).toString().replace('\\', '/');
                return new Place(at.getParent(), kind, name);
            }
            at = at.getParent();
        }
        return null;
    }

    private static @Nullable Kind kind(String folder) {
        return switch (folder) {
            case "metrics" -> Kind.METRIC;
            case "params" -> Kind.PARAM;
            case "tags" -> Kind.TAG;
            default -> null;
        };
    }

    @Override
    public @Nullable Part read(LogFile file) throws IOException {
        Place place = place(file.path());
        if (place == null) {
            return null;
        }
        return switch (place.kind()) {
            case META -> {
                ObjectNode meta = SettingsYaml.parse(file.head().bytes());
                yield meta.has("run_id") || meta.has("run_uuid") ? new Part(place, null, meta, "") : null;
            }
            case METRIC -> new Part(place, MetricPoints.read(file), null, "");
            case PARAM -> new Part(place, null, null, param(file));
            case TAG -> new Part(place, null, null, "");
        };
    }

    private static String param(LogFile file) throws IOException {
        try (InputStream stream = file.open()) {
            return new String(stream.readNBytes(LONGEST_PARAM), StandardCharsets.UTF_8).strip();
        }
    }

    @Override
    public void assemble(List<FilePart<Part>> parts, LogAssembly assembly) {
        Map<Path, List<FilePart<Part>>> byRun = new LinkedHashMap<>();
        for (FilePart<Part> part : parts) {
            byRun.computeIfAbsent(part.told().run, run -> new ArrayList<>()).add(part);
        }
        byRun.values().forEach(files -> add(files, assembly));
    }

    private static void add(List<FilePart<Part>> files, LogAssembly assembly) {
        ObjectNode meta = null;
        var run = new MlflowRun(FORMAT);
        var sources = new ArrayList<Path>();
        for (FilePart<Part> file : files) {
            Part part = file.told();
            if (part.meta != null) {
                meta = part.meta;
                sources.add(0, file.file());
            } else {
                sources.add(file.file());
            }
            if (part.points != null) {
                run.metric(part.name, part.points);
            } else if (part.kind == Kind.PARAM) {
                run.param(part.name, part.text);
            }
        }
        if (meta == null) {
            files.forEach(file -> assembly.refuse(file.file(), RejectionReason.NO_RUN));
            return;
        }
        run.add(meta, sources, assembly);
    }

    static @Nullable Instant millis(ObjectNode meta, String field) {
        long millis = meta.path(field).asLong(-1);
        return millis > 0 && millis < 10_000_000_000_000L ? Instant.ofEpochMilli(millis) : null;
    }
}
