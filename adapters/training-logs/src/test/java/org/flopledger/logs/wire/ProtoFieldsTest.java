package org.flopledger.logs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtoFieldsTest {

    @Test
    void readsEveryKindOfField() {
        byte[] bytes = new ProtoWriter()
                .whole(1, -1)
                .number(2, 1.5)
                .single(3, 2.5f)
                .message(4, new ProtoWriter().text(1, "tag"))
                .toBytes();
        var fields = new ProtoFields(bytes, 0, bytes.length);

        assertThat(fields.next()).isTrue();
        assertThat(fields.whole()).isEqualTo(-1);
        assertThat(fields.next()).isTrue();
        assertThat(fields.number()).isEqualTo(1.5);
        assertThat(fields.next()).isTrue();
        assertThat(fields.number()).isEqualTo(2.5);
        assertThat(fields.next()).isTrue();
        ProtoFields inner = fields.message();
        assertThat(inner.next()).isTrue();
        assertThat(inner.text(100)).isEqualTo("tag");
        assertThat(inner.text(2)).isEqualTo("ta");
        assertThat(fields.next()).isFalse();
        assertThat(fields.isMalformed()).isFalse();
    }

    @Test
    void endsWhereALengthGoesBeyondTheBytes() {
        byte[] bytes = {0x0A, 0x7F, 1, 2};
        var fields = new ProtoFields(bytes, 0, bytes.length);

        assertThat(fields.next()).isFalse();
        assertThat(fields.isMalformed()).isTrue();
    }

    @Test
    void endsOnAnyBytes() {
        long seed = 20_261_131L;
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            var fields = new ProtoFields(bytes, 0, bytes.length);
            int count = 0;
            while (fields.next()) {
                count++;
                assertThat(fields.end()).as("seed %d round %d", seed, round).isBetween(fields.start(), bytes.length);
            }
            assertThat(count).isLessThanOrEqualTo(bytes.length);
        }
    }
}
