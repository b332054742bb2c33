package org.flopledger.logs.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Finds markers in streams of any length, in constant memory. Stateless. */
public final class Markers {

    private static final int BLOCK = 1 << 18;

    private Markers() {}

    /** Returns whether any of the markers stands in what is left of a stream; reads no further than the block that holds it. */
    public static boolean standIn(InputStream stream, List<byte[]> markers) throws IOException {
        int longest = markers.stream().mapToInt(marker -> marker.length).max().orElse(0);
        byte[] block = new byte[BLOCK + longest];
        int kept = 0;
        for (int read = stream.readNBytes(block, kept, BLOCK); read > 0; read = stream.readNBytes(block, kept, BLOCK)) {
            int end = kept + read;
            for (byte[] marker : markers) {
                if (Bytes.find(block, 0, end, marker) >= 0) {
                    return true;
                }
            }
            // A marker may be cut by the end of the block.
            kept = Math.min(longest - 1, end);
            System.arraycopy(block, end - kept, block, 0, kept);
        }
        return false;
    }
}
