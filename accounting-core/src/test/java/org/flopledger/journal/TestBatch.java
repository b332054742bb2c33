package org.flopledger.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;

/** A small batch of steps with its dictionary, and the rows of a batch as text. */
final class TestBatch implements AutoCloseable {

    private static final DictionaryEncoding RUNS = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));

    private final VarCharVector runs;
    private final IntVector run;
    private final BigIntVector step;
    private final BigIntVector tokens;
    private final BitVector moe;
    private final BigIntVector padding;
    private final List<String> texts = new ArrayList<>();
    private final MapDictionaryProvider provider;
    private int rows;

    TestBatch(BufferAllocator allocator) {
        runs = new VarCharVector("runs", allocator);
        runs.allocateNew(64, 8);
        provider = new MapDictionaryProvider(new Dictionary(runs, RUNS));
        run = new IntVector("run", new FieldType(false, new ArrowType.Int(32, true), RUNS), allocator);
        step = new BigIntVector("step", FieldType.notNullable(new ArrowType.Int(64, true)), allocator);
        tokens = new BigIntVector("tokens", allocator);
        moe = new BitVector("moe", allocator);
        padding = new BigIntVector("padding_tokens", allocator);
        // Arrow begins with room for thousands of rows, which is most of the cost of a small test.
        List.of(run, step, tokens, moe, padding).forEach(vector -> vector.setInitialCapacity(8));
    }

    /** Adds a row; negative tokens and padding are null. */
    TestBatch row(String name, long atStep, long tokenCount, boolean isMoe, long paddingCount) {
        if (!texts.contains(name)) {
            runs.setSafe(texts.size(), name.getBytes(StandardCharsets.UTF_8));
            texts.add(name);
            runs.setValueCount(texts.size());
        }
        run.setSafe(rows, texts.indexOf(name));
        step.setSafe(rows, atStep);
        moe.setSafe(rows, isMoe ? 1 : 0);
        if (tokenCount >= 0) {
            tokens.setSafe(rows, tokenCount);
        } else {
            tokens.setNull(rows);
        }
        if (paddingCount >= 0) {
            padding.setSafe(rows, paddingCount);
        } else {
            padding.setNull(rows);
        }
        rows++;
        return this;
    }

    TestBatch row(String name, long atStep, long tokenCount) {
        return row(name, atStep, tokenCount, atStep % 2 == 0, -1);
    }

    int rows() {
        return rows;
    }

    private VectorSchemaRoot root() {
        List<FieldVector> vectors = List.of(run, step, tokens, moe, padding);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return new VectorSchemaRoot(vectors);
    }

    JournalSteps steps() {
        return JournalSteps.of(root(), provider);
    }

    JournalSteps steps(long... accepted) {
        return JournalSteps.of(root(), provider, accepted);
    }

    /** Returns the rows of a batch, one text each. */
    static List<String> rows(JournalSteps steps) {
        VectorSchemaRoot root = steps.root();
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            StringBuilder text = new StringBuilder();
            for (FieldVector vector : root.getFieldVectors()) {
                Object value = vector.getObject(row);
                DictionaryEncoding encoding = vector.getField().getDictionary();
                if (encoding != null && value instanceof Integer code) {
                    value = steps.dictionaries()
                            .lookup(encoding.getId())
                            .getVector()
                            .getObject(code);
                }
                if (value != null) {
                    text.append(vector.getName()).append('=').append(value).append(' ');
                }
            }
            rows.add(text.toString().strip());
        }
        return rows;
    }

    @Override
    public void close() {
        runs.close();
        List.of(run, step, tokens, moe, padding).forEach(FieldVector::close);
    }
}
