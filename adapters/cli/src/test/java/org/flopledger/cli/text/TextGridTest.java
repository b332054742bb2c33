package org.flopledger.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextGridTest {

    @Test
    void putsNumbersToTheRightAndWordsToTheLeft() {
        var grid = new TextGrid("name", "steps");
        grid.row("a", "7");
        grid.row("long name", "12345");
        var text = new StringWriter();

        grid.print(new PrintWriter(text, true));

        assertThat(text.toString().lines()).containsExactly("name       steps", "a              7", "long name  12345");
    }

    @Test
    void writesRisingNumbersBriefly() {
        assertThat(Ranges.of(List.of(1))).isEqualTo("1");
        assertThat(Ranges.of(List.of(1, 2, 3, 7, 9, 10))).isEqualTo("1-3, 7, 9-10");
    }
}
