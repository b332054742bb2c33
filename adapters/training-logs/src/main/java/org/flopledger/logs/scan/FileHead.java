package org.flopledger.logs.scan;

/** What the first bytes of a file tell about its kind. */
public final class FileHead {

    /** Bytes that are looked at. */
    public static final int LENGTH = 1 << 16;

    private static final byte[] LFS = Bytes.ascii("version https://git-lfs.github.com/spec/");

    private FileHead() {}

    /** The kinds that can be told by the first bytes. */
    public enum Kind {
        /** No bytes. */
        EMPTY,
        /** What git-lfs leaves where the real file was not fetched. */
        GIT_LFS_POINTER,
        /** Text of two or four bytes a character. */
        UTF_16,
        /** Bytes with a NUL among them. */
        BINARY,
        /** Text that begins like a JSON object or array. */
        JSON,
        /** Any other text. */
        TEXT
    }

    /**
     * Returns the kind.
     *
     * @param head holds the first bytes
     * @param length how many they are
     */
    public static Kind kind(byte[] head, int length) {
        if (length == 0) {
            return Kind.EMPTY;
        } else if (Bytes.startsWith(head, 0, length, LFS)) {
            return Kind.GIT_LFS_POINTER;
        } else if (isMarkedUtf16(head, length)) {
            return Kind.UTF_16;
        } else if (Bytes.indexOf(head, 0, length, (byte) 0) >= 0) {
            return isUnmarkedUtf16(head, length) ? Kind.UTF_16 : Kind.BINARY;
        }
        return startsJson(head, length) ? Kind.JSON : Kind.TEXT;
    }

    /** Returns where the text begins: after a UTF-8 byte order mark if there is one. */
    public static int textStart(byte[] head, int length) {
        boolean marked = length >= 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF;
        return marked ? 3 : 0;
    }

    private static boolean isMarkedUtf16(byte[] head, int length) {
        if (length < 2) {
            return false;
        }
        int mark = ((head[0] & 0xFF) << 8) | (head[1] & 0xFF);
        return mark == 0xFFFE || mark == 0xFEFF;
    }

    private static boolean isUnmarkedUtf16(byte[] head, int length) {
        // Without a mark: ASCII text in two bytes has a NUL in every second place, and nowhere else.
        int even = 0;
        int odd = 0;
        for (int i = 0; i < length; i++) {
            if (head[i] == 0) {
                odd += i & 1;
                even += 1 - (i & 1);
            }
        }
        int half = length / 2;
        return length >= 16 && ((odd >= half - half / 8 && even == 0) || (even >= half - half / 8 && odd == 0));
    }

    private static boolean startsJson(byte[] head, int length) {
        for (int i = textStart(head, length); i < length; i++) {
            if (head[i] > ' ') {
                return head[i] == '{' || (head[i] == '[' && startsJsonArray(head, i + 1, length));
            }
        }
        return false;
    }

    /** Log lines begin with '[' too: [2023-04-18 03:36:02], [default0]:. */
    private static boolean startsJsonArray(byte[] head, int from, int length) {
        for (int i = from; i < length; i++) {
            if (head[i] > ' ') {
                return head[i] == '{' || head[i] == '[' || head[i] == ']' || head[i] == '"';
            }
        }
        return false;
    }
}
