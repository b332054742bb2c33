package org.flopledger.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * How far a file was read. A file that was cut, or written anew, is noticed by its size or by the bytes before that place being
 * others, and is read from its beginning. Confined to one thread.
 */
final class FollowedFile {

    private static final int REMEMBERED = 256;
    private static final int PIECE = 1 << 18;

    private final String name;
    private LineSplitter splitter;
    private long offset;
    private byte[] before = new byte[0];

    FollowedFile(StepLines lines, String name) {
        this.name = name;
        splitter = new LineSplitter(lines, name);
    }

    /** Reads what was appended, up to the size that the file has now. Returns whether there was anything. */
    boolean read(FileChannel channel, StepLines lines) throws IOException {
        long size = channel.size();
        if (size < offset || !Arrays.equals(before, bytes(channel, offset - before.length, before.length))) {
            offset = 0;
            before = new byte[0];
            splitter = new LineSplitter(lines, name);
        }
        boolean hasRead = false;
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (offset < size) {
            piece.clear().limit((int) Math.min(PIECE, size - offset));
            int count = channel.read(piece, offset);
            if (count <= 0) {
                break;
            }
            hasRead = true;
            splitter.take(piece.array(), 0, count);
            remember(piece.array(), count);
            offset += count;
        }
        return hasRead;
    }

    private void remember(byte[] piece, int count) {
        if (count >= REMEMBERED) {
            before = Arrays.copyOfRange(piece, count - REMEMBERED, count);
            return;
        }
        int kept = Math.min(before.length, REMEMBERED - count);
        byte[] joined = Arrays.copyOfRange(before, before.length - kept, before.length + count);
        System.arraycopy(piece, 0, joined, kept, count);
        before = joined;
    }

    private static byte[] bytes(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
            // A cut file ends here; what was not read stays zero and differs.
        }
        return bytes.array();
    }

    /** Returns how many bytes of the file stand after its last line end, and are not read yet. */
    int unended() {
        return splitter.unended();
    }
}
