package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped catalogue: complete, cited, graded and dated. */
class CatalogueTest {

    static List<ReviewRule> rules() {
        return ReviewProfiles.rules();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleHasCitationsGradeAndDates(ReviewRule rule) {
        assertThat(rule.citations()).isNotEmpty();
        assertThat(rule.evidence()).isNotNull();
        assertThat(rule.dated()).isNotBlank();
        assertThat(rule.asOf()).isAfter(LocalDate.parse("2026-01-01"));
        assertThat(rule.jurisdiction()).isNotBlank();
        assertThat(rule.condition()).isNotBlank();
        assertThat(rule.countingTable()).hasSize(Activity.values().length);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleReadsFactsWithoutKnowingAny(ReviewRule rule) {
        Assessment assessment =
                ReviewProfiles.ofRule(rule.id()).assess(Facts.none()).get(0);

        assertThat(assessment.verdict()).isNotIn(Verdict.ABOVE, Verdict.IN_MARGIN);
        assertThat(assessment.explanation()).doesNotContainNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eu-gpai",
                "eu-gpai-sr",
                "eu-gpai-modifier",
                "eu-gpai-modifier-unknown",
                "eu-gpai-modifier-sr",
                "eu-mdf",
                "us-ca-sb53",
                "us-ny-raise-2026",
                "us-il-sb315",
                "kr-aibasic-art32",
                "us-eo14110-model",
                "us-eo14110-bio",
                "us-eo14110-cluster",
                "us-bis-nprm-2024-run",
                "us-bis-nprm-2024-cluster",
                "us-iaas-kyc-2024",
                "us-4e091",
                "us-bis-redflag28",
                "us-eo14409",
                "us-iil-2026-06-12",
                "us-fed-gaaia",
                "us-fed-frontier-act",
                "us-ny-raise-2025",
                "us-ca-sb1047",
                "us-3a090-2022",
                "us-3a090-2023",
                "us-3a090c-2024",
                "us-h200-2026",
                "std-epoch",
                "std-casper-2025",
                "std-fmf-2024"
            })
    void theRuleIsShipped(String id) {
        assertThat(ReviewProfiles.ofRule(id).rules()).extracting(ReviewRule::id).containsExactly(id);
    }

    @Test
    void everyShippedFileIsInTheIndex() throws IOException, URISyntaxException {
        assertThat(filesIn("rules"))
                .containsExactlyElementsOf(sorted(rules().stream().map(ReviewRule::id)));
        assertThat(filesIn("profiles"))
                .containsExactlyElementsOf(
                        sorted(ReviewProfiles.profiles().stream().map(ReviewProfile::id)));
    }

    private static List<String> sorted(Stream<String> names) {
        return new ArrayList<>(names.collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
    }

    private static List<String> filesIn(String folder) throws IOException, URISyntaxException {
        URI uri = CatalogueTest.class
                .getResource("/org/flopledger/review/" + folder)
                .toURI();
        try (Stream<Path> files = Files.list(Path.of(uri))) {
            return sorted(files.map(file -> file.getFileName().toString().replace(".json", "")));
        }
    }

    @Test
    void theFutureAndThePastAreOutsideTheDatesOfEffect() {
        ReviewRule newYork = ReviewProfiles.ofRule("us-ny-raise-2026").rules().get(0);
        ReviewRule order = ReviewProfiles.ofRule("us-eo14110-model").rules().get(0);
        ReviewRule vetoed = ReviewProfiles.ofRule("us-ca-sb1047").rules().get(0);

        assertThat(newYork.isInEffect(LocalDate.parse("2026-12-31"))).isFalse();
        assertThat(newYork.isInEffect(LocalDate.parse("2027-01-01"))).isTrue();
        assertThat(order.isInEffect(LocalDate.parse("2025-01-20"))).isTrue();
        assertThat(order.isInEffect(LocalDate.parse("2025-01-21"))).isFalse();
        assertThat(vetoed.isInEffect(LocalDate.parse("2025-06-01"))).isFalse();
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThatExist() {
        assertThatThrownBy(() -> ReviewProfiles.named("eu-gpia"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eu-gpia")
                .hasMessageContaining("seed-proposal-2026");
    }

    /** Thresholds and dates of rules live in data files: the code of these packages names none. */
    @Test
    void codeNamesNoThresholdAndNoDate() throws IOException {
        Pattern named = Pattern.compile(
                "1e2[0-9]|10\\^2[0-9]|0{18,}|TEN\\.pow|LocalDate\\.of\\(|LocalDate\\.parse\\(\"|\"0\\.3|1\\.3\\b");
        List<String> hits = new ArrayList<>();
        for (String folder : List.of("review", "lineage", "report")) {
            try (Stream<Path> sources = Files.walk(Path.of("src/main/java/org/flopledger", folder))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                        .toList()) {
                    for (String line : Files.readAllLines(source)) {
                        String code = line.strip();
                        if (!code.startsWith("*")
                                && !code.startsWith("/")
                                && named.matcher(withoutMessages(code)).find()) {
                            hits.add(source.getFileName() + ": " + code);
                        }
                    }
                }
            }
        }
        assertThat(hits).isEmpty();
    }

    /** Messages show what a well-formed value looks like. */
    private static String withoutMessages(String code) {
        return code.contains("such as") || code.contains("must be") ? "" : code;
    }
}
