package org.flopledger.logs.mlperf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MlperfRecordParserTest {

    private static final String RECORD =
            ":::MLLOG {\"time_ms\": 1500, \"key\": \"seed\", \"value\": 3, \"metadata\": {\"step\": 2}}";

    private final List<String> found = new ArrayList<>();

    @Test
    void findsARecordBehindARankLabelAndBeforeOtherText() {
        assertThat(parse(" 13: " + RECORD + " \u001b[0m and more")).containsExactly("seed=3 step=2 at 1500");
    }

    @Test
    void findsARecordBehindColourCodes() {
        assertThat(parse("\u001b[32m[rank0]\u001b[0m" + RECORD)).containsExactly("seed=3 step=2 at 1500");
    }

    @Test
    void findsTwoRecordsInOneLine() {
        assertThat(parse(RECORD + RECORD)).hasSize(2);
    }

    @Test
    void readsARecordThatFollowsHalfOfOne() {
        assertThat(parse(":::MLLOG {\"time_ms\": 15" + RECORD)).containsExactly("malformed", "seed=3 step=2 at 1500");
    }

    @Test
    void readsARecordBesideACharacterThatWasCutInTwo() {
        byte[] record = RECORD.getBytes(StandardCharsets.UTF_8);
        byte[] line = new byte[record.length + 2];
        line[0] = (byte) 0xE2;
        line[1] = (byte) 0x96;
        System.arraycopy(record, 0, line, 2, record.length);

        assertThat(parse(line)).containsExactly("seed=3 step=2 at 1500");
    }

    @Test
    void readsARecordWithACutCharacterInside() {
        byte[] line = RECORD.replace("seed", "se#d").getBytes(StandardCharsets.UTF_8);
        line[RECORD.indexOf("seed") + 2] = (byte) 0xE2;

        assertThat(parse(line)).containsExactly("se\uFFFDd=3 step=2 at 1500");
    }

    @Test
    void readsTheFormOfRoundsBeforeMllog() {
        assertThat(parse(":::MLL 1558634047.437 run_start: {\"value\": null, \"metadata\": {\"lineno\": 35}}"))
                .containsExactly("run_start=null step=-1 at 1558634047437");
    }

    @Test
    void tellsTheFirstRoundFromRubbish() {
        assertThat(parse(":::MLPv0.5.0 resnet 1541779800.97 (train.py:1) run_start"))
                .containsExactly("too old");
    }

    @Test
    void countsWhatCannotBeARecord() {
        assertThat(parse(":::MLLOG nothing")).containsExactly("malformed");
        assertThat(parse(":::MLLOG {\"key\": 3, \"time_ms\": 1}")).containsExactly("malformed");
        assertThat(parse(":::MLLOG {\"key\": \"a\", \"time_ms\": -1}")).containsExactly("malformed");
        assertThat(parse(":::MLLOG {\"key\": \"a\", \"time_ms\": 1e99}")).containsExactly("malformed");
        assertThat(parse(":::MLLOG")).containsExactly("malformed");
        assertThat(parse(":::ML")).containsExactly("malformed");
    }

    @Test
    void countsNumbersThatAreNoneAsMalformed() {
        for (String number :
                new String[] {"NaN", "Infinity", "-Infinity", "1e400", "9223372036854775808", "1e-400000000"}) {
            assertThat(parse(RECORD.replace("1500", number)).toString())
                    .as(number)
                    .isIn("[malformed]", "[seed=3 step=2 at 0]");
            assertThat(parse(RECORD.replace(": 3", ": " + number))).as(number).hasSize(1);
            assertThat(parse(RECORD.replace("\"step\": 2", "\"step\": " + number)))
                    .as(number)
                    .hasSize(1);
        }
        for (String seconds : new String[] {"NaN", "1e-999999999", "1e999999999", "1E2147483647", "1E-2147483647"}) {
            assertThat(parse(":::MLL " + seconds + " run_start: {\"value\": null}"))
                    .as(seconds)
                    .containsExactly("malformed");
        }
    }

    @Test
    void passesByWholeRecordsOfOtherKeysAndParsesWhatLooksOdd() {
        String other =
                ":::MLLOG {\"namespace\": \"\", \"time_ms\": 1500, \"event_type\": \"POINT_IN_TIME\", \"key\": \"opt_name\","
                        + " \"value\": 3, \"metadata\": {}}";

        assertThat(parse(other)).containsExactly("other");
        assertThat(parse(other + "\r")).containsExactly("other");
        assertThat(parse(other + RECORD)).containsExactly("other", "seed=3 step=2 at 1500");
        assertThat(parse(other.replace("opt_name", "seed"))).containsExactly("seed=3 step=-1 at 1500");
        assertThat(parse(other.substring(0, other.length() - 2))).containsExactly("malformed");
        assertThat(parse(other + " and more")).containsExactly("opt_name=3 step=-1 at 1500");
        assertThat(parse(other.replace("opt_name", "opt\\u005fname"))).containsExactly("opt_name=3 step=-1 at 1500");
        assertThat(parse(other.replace("\"namespace\": \"\"", "\"namespace\": {\"key\": \"a\"}")))
                .containsExactly("opt_name=3 step=-1 at 1500");
    }

    @Test
    void acceptsThePythonSpellingOfNotANumber() {
        assertThat(parse(":::MLLOG {\"time_ms\": 1, \"key\": \"eval_accuracy\", \"value\": NaN}"))
                .containsExactly("eval_accuracy=NaN step=-1 at 1");
    }

    @Test
    void readsCountsThatAreWrittenAsFloats() {
        assertThat(parse(RECORD.replace("\"step\": 2", "\"step\": 144.0"))).containsExactly("seed=3 step=144 at 1500");
        assertThat(parse(RECORD.replace("\"step\": 2", "\"step\": 0.5"))).containsExactly("seed=3 step=-1 at 1500");
    }

    private List<String> parse(String line) {
        return parse(line.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> parse(byte[] line) {
        found.clear();
        new MlperfRecordParser(Set.of("seed", "run_start", "eval_accuracy"), Set.of("run_start"), Set.of("step"))
                .parse(line, 0, line.length, new Collector());
        return found;
    }

    private final class Collector implements MlperfRecordParser.Receiver {

        @Override
        public void onRecord(MlperfRecord entry) {
            found.add(entry.key() + "=" + entry.value().asText("null") + " step="
                    + entry.count("step").orElse(-1) + " at " + entry.time().toEpochMilli());
        }

        @Override
        public void onOther() {
            found.add("other");
        }

        @Override
        public void onMalformed() {
            found.add("malformed");
        }

        @Override
        public void onTooOld() {
            found.add("too old");
        }
    }
}
