package org.flopledger.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the OpenMetrics text format as strictly as its grammar is. */
final class OpenMetricsCheck {

    private static final Pattern SAMPLE = Pattern.compile(
            "([a-z_]+?)(_total|_bucket|_count|_sum)?(\\{([a-z_]+=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})? -?[0-9.e+-]+");

    private OpenMetricsCheck() {}

    static void require(String text) {
        Set<String> families = new HashSet<>();
        String family = "";
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length - 1; i++) {
            String line = lines[i];
            if (line.startsWith("# TYPE ")) {
                family = line.split(" ")[2];
                assertThat(families.add(family)).as("family twice: %s", family).isTrue();
            } else if (!line.startsWith("# HELP " + family + " ")) {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as("no sample: %s", line).isTrue();
                assertThat(line).as("sample of another family").startsWith(family);
            }
        }
        assertThat(lines[lines.length - 1]).isEqualTo("# EOF");
    }
}
