package org.flopledger.logs.scan;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Opens files as the bytes that were packed into them: gzip is unpacked while it is read, all else is given as it lies. Stateless.
 *
 * <p>Packed bytes are untrusted: a file that unpacks to more than {@value #LARGEST_RATIO} times its size and {@value #ALWAYS} bytes is
 * no log, which shrinks to a twentieth at best; reading it ends with a {@link TooLargeException}. One that ends too early ends like a
 * log that was cut.
 */
public final class Unpacking {

    private static final int BUFFER = 1 << 16;
    private static final long LARGEST_RATIO = 200;
    private static final long ALWAYS = 1 << 20;

    private Unpacking() {}

    /** A file that unpacks to more than any log does. */
    public static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1;

        TooLargeException() {
            super("the file unpacks to more than " + LARGEST_RATIO + " times its size");
        }
    }

    /**
     * Opens a regular file; the caller closes it.
     *
     * @param size its bytes as they lie; no more are read
     */
    public static InputStream open(Path file, long size) throws IOException {
        InputStream raw = new BoundedStream(Files.newInputStream(file), size);
        try {
            var packed = new PushbackInputStream(raw, 3);
            byte[] magic = new byte[3];
            int read = packed.readNBytes(magic, 0, magic.length);
            packed.unread(magic, 0, read);
            return isPacked(magic, read) ? new Unpacked(new GZIPInputStream(packed, BUFFER), most(size)) : packed;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** Returns how many bytes may come out of a packed file of a size. */
    static long most(long size) {
        return Math.max(ALWAYS, size * LARGEST_RATIO);
    }

    /** Returns whether the first bytes of a file are those of gzip. */
    public static boolean isPacked(byte[] head, int length) {
        return length >= 3 && head[0] == 0x1F && head[1] == (byte) 0x8B && head[2] == 8;
    }

    /** What was packed: ends with a failure where too much comes, and as usual where the packed bytes were cut. */
    public static final class Unpacked extends FilterInputStream {

        private long left;
        private boolean cut;

        Unpacked(InputStream unpacked, long most) {
            super(unpacked);
            left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (cut) {
                return -1;
            }
            int read;
            try {
                read = super.read(target, offset, length);
            } catch (EOFException e) {
                cut = true;
                return -1;
            }
            left -= Math.max(0, read);
            if (left < 0) {
                throw new TooLargeException();
            }
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] thrown = new byte[(int) Math.min(BUFFER, Math.max(0, count))];
            return Math.max(0, read(thrown, 0, thrown.length));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
