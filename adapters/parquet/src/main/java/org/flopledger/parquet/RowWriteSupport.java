package org.flopledger.parquet;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Hands rows to parquet-java one by one, without any of Hadoop's configuration. */
final class RowWriteSupport<T> extends WriteSupport<T> {

    private static final long ROW_GROUP_BYTES = 64L << 20;

    private final MessageType schema;
    private final Map<String, String> metadata;
    private final BiConsumer<RecordConsumer, T> fields;
    private @Nullable RecordConsumer records;

    private RowWriteSupport(MessageType schema, Map<String, String> metadata, BiConsumer<RecordConsumer, T> fields) {
        this.schema = schema;
        this.metadata = metadata;
        this.fields = fields;
    }

    /** Returns a writer of a new file; {@code fields} writes the fields of a row. */
    static <T> ParquetWriter<T> open(
            OutputFile file, MessageType schema, Map<String, String> metadata, BiConsumer<RecordConsumer, T> fields)
            throws IOException {
        return new Builder<>(file, new RowWriteSupport<>(schema, metadata, fields))
                .withConf(new PlainParquetConfiguration())
                .withWriteMode(ParquetFileWriter.Mode.CREATE)
                .withCodecFactory(new Codecs())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build();
    }

    private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
        private final WriteSupport<T> support;

        Builder(OutputFile file, WriteSupport<T> support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder<T> self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // Abstract, so that it must be there.
        protected WriteSupport<T> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<T> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract, so that it must be there.
    public WriteContext init(Configuration configuration) {
        return new WriteContext(schema, metadata);
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(schema, metadata);
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        records = consumer;
    }

    @Override
    public void write(T row) {
        RecordConsumer out = Objects.requireNonNull(records);
        out.startMessage();
        fields.accept(out, row);
        out.endMessage();
    }
}
