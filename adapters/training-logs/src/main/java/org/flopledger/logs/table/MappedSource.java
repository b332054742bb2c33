package org.flopledger.logs.table;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.metric.Column;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.Meaning;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonHead;
import org.jspecify.annotations.Nullable;

/**
 * Tables and lines of JSON of any trainer, by a mapping that the user declares. It claims every file that names a step and something
 * else that the mapping knows, before all other formats.
 *
 * <pre>{@code
 * var mapping = ColumnMapping.read(Path.of("my-trainer.json"));
 * TrainingLogs.read(paths, threads, List.of(new MappedSource(mapping)), progress);
 * }</pre>
 */
public final class MappedSource extends TableSource {

    private final ColumnMapping mapping;

    /** Creates the source of what a mapping explains. */
    public MappedSource(ColumnMapping mapping) {
        super(new LogFormat("mapped"), mapping);
        this.mapping = mapping;
    }

    @Override
    public Recognition recognise(LogHead head) {
        return head.kind() == FileHead.Kind.JSON ? recognise(List.copyOf(head.jsonNames())) : super.recognise(head);
    }

    @Override
    protected Recognition recognise(List<String> names) {
        boolean steps = false;
        boolean more = false;
        for (String name : names) {
            Column column = mapping.column(name);
            steps |= column != null && column.means() == Meaning.STEP;
            more |= column != null && column.means() != Meaning.STEP && column.means() != Meaning.IGNORED;
        }
        return steps && more ? Recognition.CERTAIN : Recognition.NO;
    }

    /**
     * What a column was taken for.
     *
     * @param name the name in the file
     * @param column what the mapping says of it, or null if it does not know it
     */
    public record Explained(String name, @Nullable Column column) {

        /** Returns a line for people. */
        public String line() {
            if (column == null) {
                return name + ": not known, not used";
            }
            var line =
                    new StringBuilder(name).append(": ").append(column.means().label());
            if (column.means() == Meaning.TOKENS || column.means() == Meaning.SEQUENCES) {
                line.append(", counts ")
                        .append(label(column.counts()))
                        .append(", of ")
                        .append(label(column.scope()));
            }
            if (column.scale().signum() != 0 && column.scale().compareTo(BigDecimal.ONE) != 0) {
                line.append(", times ").append(column.scale().toPlainString());
            }
            return line.toString();
        }

        private static String label(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Returns what each column of a file would be taken for, in the order of the file.
     *
     * @throws IOException if the file cannot be read
     */
    public static List<Explained> explain(Path file, ColumnMapping mapping) throws IOException {
        byte[] bytes;
        try (InputStream stream = Files.newInputStream(file)) {
            bytes = stream.readNBytes(FileHead.LENGTH);
        }
        var head = new LogHead(file, bytes.length, bytes);
        int start = FileHead.textStart(bytes, bytes.length);
        List<String> names = head.kind() == FileHead.Kind.JSON
                ? List.copyOf(JsonHead.names(bytes, start, bytes.length))
                : head.isText() || head.kind() == FileHead.Kind.UTF_16 ? TableReader.firstRow(head) : List.of();
        var explained = new ArrayList<Explained>();
        names.forEach(name -> explained.add(new Explained(name, mapping.column(name))));
        return explained;
    }
}
