package org.flopledger.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Compresses with ZSTD, and reads ZSTD, Snappy, GZIP and what is not compressed. A page that would take more than
 * {@value #MOST_BYTES} bytes, or another number than its header says, is refused. Stateless.
 */
final class Codecs implements CompressionCodecFactory {

    /** Bytes of a page, which writers keep near a mebibyte. */
    static final int MOST_BYTES = 1 << 28;

    private static final int LEVEL = 3;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("codec is " + codec + ", must be ZSTD to write");
        }
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput bytes) throws IOException {
                return BytesInput.from(Zstd.compress(array(bytes), LEVEL));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return CompressionCodecName.ZSTD;
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new BytesInputDecompressor() {
            @Override
            public BytesInput decompress(BytesInput bytes, int size) throws IOException {
                return BytesInput.from(expand(codec, array(bytes), size));
            }

            @Override
            public void decompress(ByteBuffer input, int inputSize, ByteBuffer output, int size) throws IOException {
                byte[] bytes = new byte[inputSize];
                input.get(bytes);
                output.put(expand(codec, bytes, size));
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public void release() {}

    private static byte[] array(BytesInput bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) bytes.size());
        bytes.writeAllTo(out);
        return out.toByteArray();
    }

    private static byte[] expand(CompressionCodecName codec, byte[] bytes, int size) throws IOException {
        if (size < 0 || size > MOST_BYTES) {
            throw new IOException("a page has " + size + " bytes, must be from 0 to " + MOST_BYTES);
        }
        byte[] expanded = new byte[size];
        int actual;
        switch (codec) {
            case ZSTD -> actual = zstd(bytes, expanded);
            case SNAPPY -> {
                actual = Snappy.uncompressedLength(bytes);
                if (actual == size) {
                    actual = Snappy.uncompress(bytes, 0, bytes.length, expanded, 0);
                }
            }
            case GZIP -> actual = gzip(bytes, expanded);
            case UNCOMPRESSED -> {
                return bytes;
            }
            default -> throw new IOException("pages are compressed by " + codec + ", must be by ZSTD, SNAPPY or GZIP");
        }
        if (actual != size) {
            throw new IOException("a page has " + actual + " bytes, its header says " + size);
        }
        return expanded;
    }

    private static int zstd(byte[] bytes, byte[] expanded) throws IOException {
        long length = Zstd.decompress(expanded, bytes);
        if (Zstd.isError(length)) {
            throw new IOException("a page is no ZSTD of " + expanded.length + " bytes: " + Zstd.getErrorName(length));
        }
        return (int) length;
    }

    private static int gzip(byte[] bytes, byte[] expanded) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            int length = in.readNBytes(expanded, 0, expanded.length);
            return in.read() < 0 ? length : -1;
        }
    }
}
