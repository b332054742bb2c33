package org.flopledger.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a Parquet file, row group by row group, from untrusted bytes: what a row group says of its size is checked
 * against the file before memory is taken for it. Confined to one thread.
 */
final class ParquetSource implements AutoCloseable {

    /** Uncompressed bytes of a column in one row group. */
    static final long MOST_CHUNK_BYTES = 1L << 30;

    private final Path file;
    private final ParquetFileReader reader;
    private final MessageType schema;

    private ParquetSource(Path file, ParquetFileReader reader, MessageType schema) {
        this.file = file;
        this.reader = reader;
        this.schema = schema;
    }

    /** Opens a file. */
    static ParquetSource open(Path file) throws IOException {
        LocalInputFile input = new LocalInputFile(file);
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new Codecs())
                .usePageChecksumVerification(true)
                .build();
        ParquetFileReader reader;
        try {
            reader = ParquetFileReader.open(input, options);
        } catch (RuntimeException e) {
            throw broken(file, e);
        }
        ParquetSource source = new ParquetSource(
                file, reader, reader.getFooter().getFileMetaData().getSchema());
        try {
            source.checkSizes(input.getLength());
            return source;
        } catch (IOException e) {
            source.close();
            throw e;
        }
    }

    private void checkSizes(long fileBytes) throws IOException {
        List<BlockMetaData> blocks = reader.getRowGroups();
        for (int i = 0; i < blocks.size(); i++) {
            for (ColumnChunkMetaData chunk : blocks.get(i).getColumns()) {
                if (chunk.getTotalSize() < 0
                        || chunk.getTotalSize() > fileBytes
                        || chunk.getTotalUncompressedSize() > MOST_CHUNK_BYTES) {
                    throw new IOException(file + ": row group " + i + ", column " + chunk.getPath() + ": has "
                            + chunk.getTotalSize() + " bytes and " + chunk.getTotalUncompressedSize()
                            + " uncompressed, must be at most " + fileBytes + " and " + MOST_CHUNK_BYTES);
                }
            }
        }
    }

    /** Returns the schema of the whole file. */
    MessageType schema() {
        return schema;
    }

    /** Returns the metadata of a key, or null. */
    @Nullable
    String metadata(String key) {
        return reader.getFooter().getFileMetaData().getKeyValueMetaData().get(key);
    }

    /** Reads these columns only. */
    void select(MessageType columns) {
        reader.setRequestedSchema(columns);
    }

    /** The columns of a row group. */
    record RowGroup(long rows, List<ColumnReader> columns) {}

    /** Returns the selected columns of the next row group, or null after the last. */
    @Nullable
    RowGroup next(MessageType columns) throws IOException {
        try {
            PageReadStore pages = reader.readNextRowGroup();
            if (pages == null) {
                return null;
            }
            var store = new ColumnReadStoreImpl(
                    pages,
                    new NoConverters(),
                    columns,
                    reader.getFooter().getFileMetaData().getCreatedBy());
            return new RowGroup(
                    pages.getRowCount(),
                    columns.getColumns().stream().map(store::getColumnReader).toList());
        } catch (RuntimeException e) {
            throw broken(file, e);
        }
    }

    IOException broken(RuntimeException e) {
        return broken(file, e);
    }

    /** The library names damage by many kinds of unchecked exceptions. */
    private static IOException broken(Path file, RuntimeException e) {
        return new IOException(file + ": is no Parquet file that can be read: " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Values are taken from the column readers, never converted. */
    private static final class NoConverters extends GroupConverter {
        @Override
        public Converter getConverter(int field) {
            return new PrimitiveConverter() {};
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
