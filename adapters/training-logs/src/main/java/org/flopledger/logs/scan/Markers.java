package org.flopledger.logs.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Finds markers in streams of any length, in constant memory. Stateless. */
public final class Markers {

    private static final int BLOCK = 1 << 18;

    private Markers() {}

    /**
     * Returns which of several lists of markers have one that stands in what is left of a stream; reads no further than the block by
     * which all of them have.
     */
    public static boolean[] standIn(InputStream stream, List<List<byte[]>> lists) throws IOException {
        boolean[] stand = new boolean[lists.size()];
        int longest = lists.stream()
                .flatMap(List::stream)
                .mapToInt(marker -> marker.length)
                .max()
                .orElse(0);
        byte[] block = new byte[BLOCK + longest];
        int kept = 0;
        for (int read = stream.readNBytes(block, kept, BLOCK); read > 0; read = stream.readNBytes(block, kept, BLOCK)) {
            int end = kept + read;
            if (!look(block, end, lists, stand)) {
                break;
            }
            // A marker may be cut by the end of the block.
            kept = Math.min(Math.max(0, longest - 1), end);
            System.arraycopy(block, end - kept, block, 0, kept);
        }
        return stand;
    }

    /** Returns whether there is anything left to look for. */
    private static boolean look(byte[] block, int end, List<List<byte[]>> lists, boolean[] stand) {
        boolean left = false;
        for (int i = 0; i < stand.length; i++) {
            List<byte[]> list = lists.get(i);
            for (int j = 0; j < list.size() && !stand[i]; j++) {
                stand[i] = Bytes.find(block, 0, end, list.get(j)) >= 0;
            }
            left |= !stand[i] && !list.isEmpty();
        }
        return left;
    }
}
