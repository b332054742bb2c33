package org.flopledger.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineageSampleTest {

    @Test
    void countsABaseOnceAndFindsTheFineTunePastAThird() {
        var printed = new ByteArrayOutputStream();

        LineageSample.print(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .contains("merged: 9.010e24 FLOP with its ancestors", "orion-next: 1.200e25 FLOP with its ancestors")
                .anySatisfy(line -> assertThat(line).contains("eu-gpai-modifier RATIO_CROSSED"))
                .anySatisfy(line -> assertThat(line).contains("eu-gpai-sr CROSSED"));
    }
}
