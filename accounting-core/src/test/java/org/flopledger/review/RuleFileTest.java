package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule files of users: what is accepted, and one clear message with the place for what is not. */
class RuleFileTest {

    private static final String RULE = """
            {"id":"house-line","title":"A house rule","jurisdiction":"house","status":"IN_FORCE","dated":"2026-01",
             "validFrom":"2026-02-01","asOf":"2026-11-20","evidence":"PRIMARY_TEXT",
             "citations":[{"text":"House policy 7","evidence":"PRIMARY_TEXT"}],
             "basis":"eu-wide","condition":{"compute":{"above":"1000"}}}""";

    private static String profile(String... rules) {
        return "{\"format\":\"flopledger.profile/1\",\"id\":\"house\",\"title\":\"House rules\",\"rules\":["
                + String.join(",", rules) + "]}";
    }

    private static ReviewProfile parse(String json) {
        return ReviewProfiles.parse("house.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict verdict(ReviewProfile profile, String flop) {
        Facts facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(FlopCount.parse(flop))))
                .build();
        return profile.assess(facts).get(0).verdict();
    }

    @Test
    void aRuleOfTheUsersOwnIsEvaluatedLikeAShippedOne() {
        ReviewProfile house = parse(profile(RULE, "\"seed-review-1e24\""));

        assertThat(house.rules()).extracting(ReviewRule::id).containsExactly("house-line", "seed-review-1e24");
        assertThat(verdict(house, "1000")).isEqualTo(Verdict.BELOW);
        assertThat(verdict(house, "1001")).isEqualTo(Verdict.ABOVE);
    }

    @Test
    void aRuleMayExtendAShippedOneAndKeepsWhatItDoesNotSay() {
        ReviewProfile house = parse(profile("""
                {"id":"house-sr","title":"Half of the Union's line","extends":"eu-gpai-sr",
                 "citations":[{"text":"House policy 8","evidence":"PRIMARY_TEXT"}],
                 "condition":{"compute":{"atLeast":"5000000000000000000000000"}}}"""));

        assertThat(verdict(house, "5e24")).isEqualTo(Verdict.ABOVE);
        assertThat(house.rules().get(0).tolerance()).isEqualByComparingTo("0.30");
        assertThat(house.rules().get(0).citation()).isEqualTo("House policy 8");
    }

    @Test
    void aProfileMayExtendAShippedProfileAndABasisAShippedBasis() {
        ReviewProfile house = parse("""
                {"format":"flopledger.profile/1","id":"house","title":"House","extends":"eu-gpai",
                 "bases":[{"id":"house-basis","title":"Without discarded steps","extends":"eu-wide",
                   "activities":{"DISCARDED_STEPS":{"treatment":"SILENT","counted":false,"sentence":"House policy"}}}],
                 "rules":[{"id":"house-kept","title":"Kept work","extends":"seed-review-1e24","basis":"house-basis"}]}""");
        Facts facts = Facts.builder()
                .line(new Facts.Line(
                        Stage.PRETRAINING, Facts.Part.DISCARDED, false, FlopBounds.exactly(FlopCount.parse("2e24")), 1))
                .build();

        assertThat(house.rules()).hasSize(6);
        assertThat(house.assess(facts).get(5).counted()).isEqualTo(FlopBounds.ZERO);
    }

    @Test
    void aFileIsReadFromDisk(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.json"), profile(RULE));

        assertThat(ReviewProfiles.read(file).id()).isEqualTo("house");
    }

    /** In each row a piece of the rule above is replaced; the message must name the place and what is wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "title":"A house rule",              | ``                                    | $.rules[0]                       | 'title' is missing
        "title":"A house rule"               | "title":" "                           | $.rules[0].title                 | not blank
        "title":"A house rule"               | "title":"x","tilte":"y"               | $.rules[0].tilte                 | unknown key
        "title":"A house rule"               | "title":"x","title":"y"               | $.rules[0].title                 | Duplicate
        "id":"house-line"                    | "id":"House Line"                     | $.rules[0].id                    | lower-case
        "id":"house-line"                    | "id":"eu-gpai-sr"                     | $.rules[0].id                    | exists already
        "citations":[{"text":"House policy 7","evidence":"PRIMARY_TEXT"}] | "citations":[] | $.rules[0].citations       | at least one
        "citations":[{"text":"House policy 7","evidence":"PRIMARY_TEXT"}], | ``        | $.rules[0]                      | 'citations' is missing
        "text":"House policy 7","evidence":"PRIMARY_TEXT" | "text":"House policy 7"   | $.rules[0].citations[0]          | 'evidence' is missing
        "evidence":"PRIMARY_TEXT",           | ``                                    | $.rules[0]                       | 'evidence' is missing
        "asOf":"2026-11-20",                 | ``                                    | $.rules[0]                       | 'asOf' is missing
        "asOf":"2026-11-20"                  | "asOf":"2026-02-30"                   | $.rules[0].asOf                  | must be a date
        "asOf":"2026-11-20"                  | "asOf":"2025-12-31"                   | $.rules[0].asOf                  | before the text
        "dated":"2026-01",                   | ``                                    | $.rules[0]                       | 'dated' is missing
        "validFrom":"2026-02-01",            | ``                                    | $.rules[0]                       | without 'validFrom'
        "validFrom":"2026-02-01"             | "validFrom":"2026-02-01","validTo":"2026-01-31" | $.rules[0].validTo     | before validFrom
        "status":"IN_FORCE"                  | "status":"REVOKED"                    | $.rules[0]                       | without 'validTo'
        "status":"IN_FORCE"                  | "status":"LAW"                        | $.rules[0].status                | must be one of
        "basis":"eu-wide"                    | "basis":"eu-broad"                    | $.rules[0].basis                 | not known
        "above":"1000"                       | "above":1000                          | $.rules[0].condition.compute.above | a number
        "above":"1000"                       | "above":"1e25"                        | $.rules[0].condition.compute.above | exact whole number
        "above":"1000"                       | "above":"0"                           | $.rules[0].condition.compute.above | above 0
        "above":"1000"                       | "above":"-5"                          | $.rules[0].condition.compute.above | above 0
        "above":"1000"                       | "above":"999999999999999999999999999999999999999" | $.rules[0].condition.compute.above | at most
        "above":"1000"                       | "above":"1","atLeast":"1"             | $.rules[0].condition.compute     | exactly one
        {"compute":{"above":"1000"}}         | {"script":"1+1"}                      | $.rules[0].condition.script      | unknown key
        {"compute":{"above":"1000"}}         | {}                                    | $.rules[0].condition             | exactly one
        {"compute":{"above":"1000"}}         | {"all":[]}                            | $.rules[0].condition.all         | at least one
        {"compute":{"above":"1000"}}         | {"amount":{"fact":"price","above":"1"}} | $.rules[0].condition.amount.fact | must be one of
        {"compute":{"above":"1000"}}         | {"amount":{"fact":"modality","above":"1"}} | $.rules[0].condition.amount.fact | of kind TAGS
        {"compute":{"above":"1000"}}         | {"amount":{"fact":"chip-tpp","above":"1","below":"2"}} | $.rules[0].condition.amount | exactly one
        {"compute":{"above":"1000"}}         | {"original":{"known":true}}           | $.rules[0].condition.original.known | must be false
        {"compute":{"above":"1000"}}         | null                                  | $.rules[0].condition             | null
        """)
    void aFaultIsNamedWithItsPlace(String piece, String replacement, String path, String complaint) {
        assertThat(RULE).contains(piece);
        String json = profile(RULE.replace(piece, replacement == null ? "" : replacement));

        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("house.json: " + path + ": ")
                .hasMessageContaining(complaint);
    }

    @Test
    void aRuleThatExtendsItselfIsRefused() {
        String json = profile("{\"id\":\"loop\",\"title\":\"Loop\",\"extends\":\"loop\"}");

        assertThatThrownBy(() -> parse(json))
                .hasMessageContaining("$.rules[0].extends")
                .hasMessageContaining("itself");
    }

    @Test
    void rulesThatExtendEachOtherAreRefused() {
        String json = profile(
                "{\"id\":\"one\",\"title\":\"One\",\"extends\":\"two\"}",
                "{\"id\":\"two\",\"title\":\"Two\",\"extends\":\"one\"}");

        assertThatThrownBy(() -> parse(json)).hasMessageContaining("one -> two -> one");
    }

    @Test
    void aChangedLineMayNotBorrowTheCitationOfTheOneItChanged() {
        String json = profile("""
                {"id":"house-sr","title":"Ours","extends":"eu-gpai-sr","condition":{"compute":{"above":"5"}}}""");

        assertThatThrownBy(() -> parse(json)).hasMessageContaining("$.rules[0]").hasMessageContaining("citations");
    }

    @Test
    void aBasisThatCallsSomethingMustAndLeavesItOutIsRefused() {
        String json = """
                {"format":"flopledger.profile/1","id":"house","title":"House",
                 "bases":[{"id":"b","title":"B","extends":"eu-wide",
                   "activities":{"PRETRAINING":{"treatment":"MUST","counted":false,"sentence":"s"}}}],
                 "rules":[{"id":"r","title":"R","extends":"eu-gpai-sr","basis":"b"}]}""";

        assertThatThrownBy(() -> parse(json))
                .hasMessageContaining("$.bases[0].activities.PRETRAINING.counted")
                .hasMessageContaining("MUST");
    }

    @Test
    void aBasisWithoutAWordOnEveryActivityIsRefused() {
        String json = """
                {"format":"flopledger.profile/1","id":"house","title":"House",
                 "bases":[{"id":"b","title":"B","activities":{
                   "PRETRAINING":{"treatment":"MUST","counted":true,"sentence":"s"}}}],
                 "rules":[{"id":"r","title":"R","extends":"eu-gpai-sr","basis":"b"}]}""";

        assertThatThrownBy(() -> parse(json))
                .hasMessageContaining("$.bases[0].activities")
                .hasMessageContaining("says nothing of");
    }

    @Test
    void aRuleNamedTwiceIsRefused() {
        assertThatThrownBy(() -> parse(profile("\"eu-gpai\"", "\"eu-gpai\"")))
                .hasMessageContaining("$.rules[1]")
                .hasMessageContaining("once");
    }

    @Test
    void aRuleThatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> parse(profile("\"eu-gpia\"")))
                .hasMessageContaining("$.rules[0]")
                .hasMessageContaining("not known");
    }

    @Test
    void aProfileOfNoRulesIsRefused() {
        assertThatThrownBy(() -> parse("{\"format\":\"flopledger.profile/1\",\"id\":\"a\",\"title\":\"A\"}"))
                .hasMessageContaining("neither 'rules' nor 'extends'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `` | must be one JSON object
        [] | must be one JSON object
        "x" | must be one JSON object
        {"a" | not readable JSON
        {"format":"flopledger.profile/1"} {} | not readable JSON
        {"format":"flopledger.profile/2","id":"a","title":"t","rules":["eu-gpai"]} | must be 'flopledger.profile/1'
        """)
    void whatIsNoProfileIsRefused(String json, String complaint) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("house.json: $")
                .hasMessageContaining(complaint);
    }

    @Test
    void aHugeFileIsRefusedByItsSize() {
        byte[] huge = new byte[LocatedJson.LONGEST_FILE + 1];

        assertThatThrownBy(() -> ReviewProfiles.parse("huge.json", huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("huge.json: $")
                .hasMessageContaining("at most");
    }

    @Test
    void aTreeTooDeepIsRefused() {
        String deep = "{\"all\":[".repeat(5_000) + "{\"compute\":{\"above\":\"1\"}}" + "]}".repeat(5_000);
        String json = profile(RULE.replace("{\"compute\":{\"above\":\"1000\"}}", deep));

        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("$.rules[0].condition")
                .hasMessageContaining("depth");
    }

    @Test
    void aTextTooLongIsRefused() {
        assertThatThrownBy(() -> parse(profile(RULE.replace("A house rule", "x".repeat(5_000)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("$.rules[0]")
                .hasMessageContaining("length");
    }

    @Test
    void messagesRepeatNoControlCharactersAndNoLongTextOfTheFile() {
        String hostile = "\\u001b[2J" + "z".repeat(500);

        assertThatThrownBy(() -> parse(profile(RULE.replace("house-line", hostile))))
                .satisfies(failure -> assertThat(String.valueOf(failure.getMessage()))
                        .doesNotContain("\u001b")
                        .hasSizeLessThan(400));
    }

    @Test
    void anyDamageToAFileIsEitherReadOrRefusedWithItsPlace() {
        long seed = 20_261_121L;
        Random random = new Random(seed);
        byte[] whole = profile(RULE, "\"eu-gpai\"").getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 3_000; round++) {
            byte[] damaged = whole.clone();
            for (int hit = random.nextInt(4); hit >= 0; hit--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(ReviewProfiles.parse("d.json", damaged).rules()).isNotEmpty();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %s round %s", seed, round).startsWith("d.json: $");
            }
        }
    }

    @Test
    void aShippedRuleIsNotChangedByAUsersFile() {
        parse(profile(RULE));

        assertThat(ReviewProfiles.rules()).extracting(ReviewRule::id).doesNotContain("house-line");
        assertThat(List.of(ReviewProfiles.named("eu-gpai").rules().size())).containsExactly(5);
    }
}
