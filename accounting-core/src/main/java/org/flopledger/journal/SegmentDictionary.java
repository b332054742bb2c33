package org.flopledger.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.flopledger.journal.ArrowMessages.Column;
import org.flopledger.journal.ArrowMessages.Columns;

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

    /** Returns the segment's codes for the selected rows of a column; a null row gets code 0. */
    int[] codes(BaseIntVector column, VarCharVector dictionary, int[] selection) {
        int[] known = new int[dictionary.getValueCount()];
        int[] result = new int[selection.length];
        FieldVector nulls = (FieldVector) column;
        for (int i = 0; i < selection.length; i++) {
            if (nulls.isNull(selection[i])) {
                continue;
            }
            int own = Math.toIntExact(column.getValueAsLong(selection[i]));
            // Codes are kept one higher, so that 0 says "not looked up yet".
            if (known[own] == 0) {
                known[own] = 1 + code(new String(dictionary.get(own), StandardCharsets.UTF_8));
            }
            result[i] = known[own] - 1;
        }
        return result;
    }

    private int code(String text) {
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
