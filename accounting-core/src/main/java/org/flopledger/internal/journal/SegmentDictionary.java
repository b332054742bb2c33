package org.flopledger.internal.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.internal.journal.ArrowMessages.Column;
import org.flopledger.internal.journal.ArrowMessages.Columns;

/**
 * The texts one dictionary column of a segment has used so far, in the order of their codes. Confined to the writer.
 */
final class SegmentDictionary {

    private final long id;
    private final List<String> texts = new ArrayList<>();
    private final Map<String, Integer> codes = new HashMap<>();
    private int written;
    private int kept;

    SegmentDictionary(long id, List<String> known) {
        this.id = id;
        known.forEach(this::code);
        written = texts.size();
        kept = written;
    }

    /** Returns whether texts were added since the last {@link #write}. */
    boolean hasUnwritten() {
        return written < texts.size();
    }

    /** Remembers the texts for good: the commit that wrote them was handed to the file. */
    void keepCommit() {
        kept = texts.size();
    }

    /** Forgets the texts added since the last {@link #keepCommit}. */
    void forgetCommit() {
        while (texts.size() > kept) {
            codes.remove(texts.remove(texts.size() - 1));
        }
        written = kept;
    }

    /** Returns the code of a text, adding it if it is new. */
    int code(String text) {
        return codes.computeIfAbsent(text, added -> {
            texts.add(added);
            return texts.size() - 1;
        });
    }

    /** Writes the dictionary record, without its end, that makes the new texts known. */
    void write(CommitBuffer target, boolean isDelta) {
        List<byte[]> added = texts.subList(written, texts.size()).stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        int characters = added.stream().mapToInt(text -> text.length).sum();
        int offsetsLength = (added.size() + 1) * Integer.BYTES;
        Column column = new Column(0, List.of(0, offsetsLength, characters));
        target.beginRecord(ArrowMessages.dictionaryBatch(id, isDelta, new Columns(added.size(), List.of(column))));
        int offsets = target.claim(offsetsLength);
        int data = target.claim(characters);
        ByteBuffer ends = RecordFrame.littleEndian(target.bytes());
        int end = 0;
        for (int i = 0; i < added.size(); i++) {
            System.arraycopy(added.get(i), 0, target.bytes(), data + end, added.get(i).length);
            end += added.get(i).length;
            ends.putInt(offsets + (i + 1) * Integer.BYTES, end);
        }
        written = texts.size();
    }
}
