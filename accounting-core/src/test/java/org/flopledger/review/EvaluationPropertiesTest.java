package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** Laws that hold for any facts. */
class EvaluationPropertiesTest {

    private static final long SEED = 61_126L;
    private static final int ROUNDS = 150;

    private static FlopCount amount(Random random) {
        return FlopCount.of(
                BigInteger.TEN.pow(random.nextInt(27)).multiply(BigInteger.valueOf(1 + random.nextInt(99))));
    }

    private static FlopBounds bounds(Random random) {
        List<FlopCount> three = new ArrayList<>(List.of(amount(random), amount(random), amount(random)));
        Collections.sort(three);
        return new FlopBounds(three.get(0), three.get(1), three.get(2));
    }

    private static <E> E pick(Random random, E[] values) {
        return values[random.nextInt(values.length)];
    }

    private static List<Facts.Line> lines(Random random) {
        List<Facts.Line> lines = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            lines.add(new Facts.Line(
                    pick(random, Stage.values()),
                    pick(random, Facts.Part.values()),
                    random.nextBoolean(),
                    bounds(random),
                    random.nextInt(4) == 0 ? 0.5 : 1));
        }
        return lines;
    }

    private static List<Ancestor> ancestors(Random random) {
        List<Ancestor> ancestors = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            ancestors.add(new Ancestor(
                    "a" + i,
                    pick(random, Ancestor.Role.values()),
                    pick(random, Ancestor.Developer.values()),
                    random.nextInt(4) == 0 ? null : bounds(random)));
        }
        return ancestors;
    }

    private static Facts facts(Random random, List<Facts.Line> lines, List<Ancestor> ancestors) {
        Facts.Builder facts = Facts.builder().exactness(pick(random, Facts.Exactness.values()));
        lines.forEach(facts::line);
        return facts.ancestors(ancestors).build();
    }

    private static ReviewProfile everything() {
        return new ReviewProfile("everything", "Every shipped rule", ReviewProfiles.rules());
    }

    @Test
    void whatMayBeLeftOutLiesBetweenTheLeastAndTheMost() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Facts facts = facts(random, lines(random), ancestors(random));
            for (Assessment assessment : everything().assess(facts)) {
                FlopBounds least = assessment.countedLeast();
                FlopBounds counted = assessment.counted();
                FlopBounds most = assessment.countedMost();
                if (least != null && counted != null && most != null) {
                    assertThat(counted.best())
                            .as("seed %s round %s rule %s", SEED, round, assessment.rule())
                            .isBetween(least.best(), most.best());
                }
            }
        }
    }

    @Test
    void theOrderOfLinesAndAncestorsChangesNoVerdictAndNoSum() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            long each = random.nextLong();
            List<Facts.Line> lines = lines(random);
            List<Ancestor> ancestors = ancestors(random);
            Facts straight = facts(new Random(each), lines, ancestors);
            Collections.shuffle(lines, random);
            Collections.shuffle(ancestors, random);
            Facts shuffled = facts(new Random(each), lines, ancestors);

            assertThat(verdictsAndSums(shuffled))
                    .as("seed %s round %s", SEED, round)
                    .isEqualTo(verdictsAndSums(straight));
        }
    }

    private static List<String> verdictsAndSums(Facts facts) {
        return everything().assess(facts).stream()
                .map(one -> one.rule() + " " + one.verdict() + " " + one.counted() + " " + one.threshold())
                .toList();
    }

    @Test
    void moreComputeNeverTakesACrossingOfASumBack() {
        Random random = new Random(SEED);
        ReviewProfile sums = new ReviewProfile(
                "sums",
                "Rules on a sum alone",
                List.of("seed-review-1e24", "seed-restricted-1e25", "us-ca-sb53", "us-eo14110-model").stream()
                        .flatMap(id -> ReviewProfiles.ofRule(id).rules().stream())
                        .toList());
        for (int round = 0; round < ROUNDS; round++) {
            Facts before = facts(random, lines(random), ancestors(random));
            Facts after = before.toBuilder()
                    .line(Facts.Line.of(pick(random, Stage.values()), bounds(random)))
                    .build();
            List<Assessment> was = sums.assess(before);
            List<Assessment> is = sums.assess(after);
            for (int i = 0; i < was.size(); i++) {
                if (was.get(i).verdict() == Verdict.ABOVE) {
                    assertThat(is.get(i).verdict())
                            .as(
                                    "seed %s round %s rule %s",
                                    SEED, round, was.get(i).rule())
                            .isEqualTo(Verdict.ABOVE);
                }
            }
        }
    }

    @Test
    void aFindingIsReturnedForTheChangeAndNotAgain() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Facts facts = facts(random, lines(random), ancestors(random));

            assertThat(everything().findings(facts, facts))
                    .as("seed %s round %s", SEED, round)
                    .isEmpty();
        }
    }

    @Test
    void aLineThatPassesAThresholdIsWhatTheVerdictSays() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            FlopCount spent = amount(random);
            Facts facts = Facts.builder()
                    .exactness(Facts.Exactness.EXACT)
                    .line(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(spent)))
                    .answer(FactName.STATE_OF_THE_ART, true)
                    .answer(FactName.BROAD_SERIOUS_RISK, true)
                    .build();
            for (String id : List.of("eu-gpai-sr", "us-ca-sb53", "kr-aibasic-art32", "seed-review-1e24")) {
                ReviewProfile profile = ReviewProfiles.ofRule(id);
                boolean passed = profile.thresholds(facts).get(0).isPassedBy(spent);

                assertThat(profile.assess(facts).get(0).verdict())
                        .as("seed %s round %s rule %s", SEED, round, id)
                        .isEqualTo(passed ? Verdict.ABOVE : Verdict.BELOW);
            }
        }
    }
}
