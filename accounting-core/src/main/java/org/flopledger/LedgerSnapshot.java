package org.flopledger;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.flopledger.internal.book.AccountBook;
import org.jspecify.annotations.Nullable;

/**
 * The whole state of a ledger as one fact of its journal, so that a ledger can be opened without the records before it. The
 * layout is drawn in {@code accounting-core/docs/formats/journal-facts.md}. Nobody changes what it holds.
 */
final class LedgerSnapshot {

    /** "FLSS" read as a little-endian integer. */
    private static final int MAGIC = 0x53534c46;

    private static final int VERSION = 2;

    /** Without lapsed findings and retractions. */
    private static final int FIRST_VERSION = 1;

    private final List<String> runs;
    private final List<String> profiles;
    private final List<String> findings;
    private final BitSet told;
    private final BitSet lapsed;
    private final List<String> retractions;
    private final List<String> observed;
    private final byte[] book;

    private LedgerSnapshot(
            List<String> runs,
            List<String> profiles,
            List<String> findings,
            BitSet told,
            BitSet lapsed,
            List<String> retractions,
            List<String> observed,
            byte[] book) {
        this.runs = runs;
        this.profiles = profiles;
        this.findings = findings;
        this.told = told;
        this.lapsed = lapsed;
        this.retractions = retractions;
        this.observed = observed;
        this.book = book;
    }

    /** Returns descriptions of the registered runs, in order, as RUN facts have them. */
    List<String> runs() {
        return runs;
    }

    /** Returns ids of the profiles that have been in force, in order. */
    List<String> profiles() {
        return profiles;
    }

    /** Returns findings in order, as FINDING facts have them. */
    List<String> findings() {
        return findings;
    }

    /** Returns the numbers of the findings that listeners were told of. */
    BitSet told() {
        return told;
    }

    /** Returns the numbers of the findings that a retraction made untrue. */
    BitSet lapsed() {
        return lapsed;
    }

    /** Returns retractions in order, as RETRACTION facts have them but for the findings that lapsed. */
    List<String> retractions() {
        return retractions;
    }

    /** Makes a book without observations hold the accounts. */
    void restore(AccountBook into) {
        into.restore(book, observed);
    }

    /** Returns the state of a ledger, unless it has more than so many bytes. */
    static Optional<byte[]> bytesOf(LedgerState state, int most) {
        Optional<byte[]> book = state.book().toBytes(most);
        return book.map(accounts -> of(state, accounts).toBytes()).filter(bytes -> bytes.length <= most);
    }

    private static LedgerSnapshot of(LedgerState state, byte[] book) {
        return new LedgerSnapshot(
                state.runs().inOrder().stream().map(RunSpecJson::write).toList(),
                List.copyOf(state.profiles()),
                state.findings().all().stream().map(FindingJson::write).toList(),
                state.toldNumbers(),
                state.findings().lapsed(),
                state.retractions().stream()
                        .map(retraction -> RetractionJson.write(new RetractionJson.Entry(retraction, List.of())))
                        .toList(),
                state.book().runs(),
                book);
    }

    private byte[] toBytes() {
        List<byte[]> parts = List.of(
                texts(runs),
                texts(profiles),
                texts(findings),
                longs(told.toLongArray()),
                longs(lapsed.toLongArray()),
                texts(retractions),
                texts(observed),
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(book.length)
                        .array(),
                book);
        int length = parts.stream().mapToInt(part -> part.length).reduce(8, Math::addExact);
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(VERSION);
        parts.forEach(out::put);
        return out.array();
    }

    private static byte[] texts(List<String> texts) {
        List<byte[]> encoded = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        int length = encoded.stream().mapToInt(text -> 4 + text.length).reduce(4, Math::addExact);
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(encoded.size());
        encoded.forEach(text -> out.putInt(text.length).put(text));
        return out.array();
    }

    private static byte[] longs(long[] words) {
        ByteBuffer out = ByteBuffer.allocate(4 + 8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(words.length);
        for (long word : words) {
            out.putLong(word);
        }
        return out.array();
    }

    /**
     * Reads what {@link #bytesOf} wrote; the accounts are checked when they are restored.
     *
     * @throws IllegalArgumentException if the bytes are something else
     */
    static LedgerSnapshot read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        expect(in, "magic", MAGIC);
        int version = number(in, "version", FIRST_VERSION, VERSION);
        LedgerSnapshot snapshot = new LedgerSnapshot(
                texts(in, "runs"),
                texts(in, "profiles"),
                texts(in, "findings"),
                numbers(in),
                version == FIRST_VERSION ? new BitSet() : numbers(in),
                version == FIRST_VERSION ? List.of() : texts(in, "retractions"),
                texts(in, "observed runs"),
                bytes(in, "accounts"));
        if (in.hasRemaining()) {
            throw broken(in, in.remaining() + " bytes follow the accounts, must be none");
        }
        if (snapshot.lapsed.length() > snapshot.findings.size()) {
            throw broken(
                    in,
                    "finding " + (snapshot.lapsed.length() - 1) + " of " + snapshot.findings.size() + " has lapsed");
        }
        if (snapshot.told.length() > snapshot.findings.size()) {
            throw broken(
                    in,
                    "listeners were told of finding " + (snapshot.told.length() - 1) + " of "
                            + snapshot.findings.size());
        }
        return snapshot;
    }

    private static void expect(ByteBuffer in, String what, int expected) {
        int actual = number(in, what, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (actual != expected) {
            throw broken(
                    in, what + " is 0x" + Integer.toHexString(actual) + ", must be 0x" + Integer.toHexString(expected));
        }
    }

    private static int number(ByteBuffer in, String what, int least, int most) {
        if (in.remaining() < 4) {
            throw broken(in, in.remaining() + " bytes are left for " + what + ", must be >= 4");
        }
        int value = in.getInt();
        if (value < least || value > most) {
            throw broken(in, what + " is " + value + ", must be from " + least + " to " + most);
        }
        return value;
    }

    private static List<String> texts(ByteBuffer in, String what) {
        int count = number(in, "number of " + what, 0, Math.max(0, in.remaining() - 4) / 4);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] text = bytes(in, what);
            try {
                texts.add(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(text))
                        .toString());
            } catch (CharacterCodingException e) {
                throw broken(in, what + " are not UTF-8");
            }
        }
        return texts;
    }

    private static byte[] bytes(ByteBuffer in, String what) {
        byte[] bytes = new byte[number(in, "length of " + what, 0, Math.max(0, in.remaining() - 4))];
        in.get(bytes);
        return bytes;
    }

    private static BitSet numbers(ByteBuffer in) {
        int count = number(in, "number of delivery words", 0, Math.max(0, in.remaining() - 4) / 8);
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            words[i] = in.getLong();
        }
        if (count > 0 && words[count - 1] == 0) {
            throw broken(in, "last delivery word is 0, must be left out");
        }
        return BitSet.valueOf(words);
    }

    private static IllegalArgumentException broken(ByteBuffer in, String what) {
        return new IllegalArgumentException("snapshot: at byte " + in.position() + ": " + what);
    }

    /** A snapshot may hold descriptions in the format of an earlier release. */
    private static List<String> inPresentFormat(List<String> descriptions) {
        return descriptions.stream()
                .map(text -> RunSpecJson.write(RunSpecJson.read(text)))
                .toList();
    }

    /** Returns which part of another state differs from this one, or null if none does. */
    @Nullable
    String differenceFrom(LedgerSnapshot other) {
        if (!inPresentFormat(runs).equals(inPresentFormat(other.runs))) {
            return "registered runs";
        }
        if (!profiles.equals(other.profiles)) {
            return "profiles";
        }
        if (!findings.equals(other.findings)) {
            return "findings";
        }
        if (!told.equals(other.told)) {
            return "delivery marks";
        }
        if (!observed.equals(other.observed)) {
            return "observed runs";
        }
        if (!lapsed.equals(other.lapsed) || !retractions.equals(other.retractions)) {
            return "retractions";
        }
        return Arrays.equals(book, other.book) ? null : "accounts";
    }
}
