package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any order, split, copy and tree of merges of the same observations gives the same bytes. */
class RunStatePropertiesTest {

    private static final RunSpec SPEC = RunSpec.pretraining("orion")
            .parameters("orion-7b", 7_000_000_000L, 7_000_000_000L)
            .build();

    private final RootAllocator memory = new RootAllocator();

    /** One observation; a contradiction is the same key with other tokens. */
    private record Seen(int attempt, long step, int source, long tokens, long endedAt) {}

    @AfterEach
    void everyBatchIsFreed() {
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anySplitOrderCopiesAndTreeGiveTheSameBytes(long seed) {
        Random random = new Random(seed);
        List<Seen> rows = rows(random);
        byte[] once = state(rows).toBytes();

        List<RunState> parts = new ArrayList<>();
        for (List<Seen> part : split(shuffledWithCopies(rows, random), random)) {
            parts.add(state(part));
            if (random.nextInt(4) == 0) {
                // A task that ran twice: both results arrive.
                parts.add(state(part));
            }
        }
        assertThat(merged(parts, random).toBytes()).as("seed %d", seed).isEqualTo(once);
    }

    private static List<Seen> rows(Random random) {
        List<Seen> rows = new ArrayList<>();
        for (int attempt = 0; attempt < 3; attempt++) {
            for (long step = 20L * attempt; step < 20L * attempt + 60; step++) {
                for (int source = 0; source < 2; source++) {
                    long tokens = step % 13 == 7 ? 2_000_000_000_000_000L : 1_000_000L * (1 + step / 25);
                    rows.add(new Seen(attempt, step, source, tokens, 1_000 * step + source));
                    if (random.nextInt(5) == 0) {
                        // Told once more by a slower clock: of when it was seen the widest span counts.
                        rows.add(new Seen(attempt, step, source, tokens, 1_000 * step + 5_000 * random.nextInt(3)));
                    }
                }
            }
        }
        return rows;
    }

    private static List<Seen> shuffledWithCopies(List<Seen> rows, Random random) {
        List<Seen> all = new ArrayList<>(rows);
        rows.stream().filter(row -> random.nextInt(3) == 0).forEach(all::add);
        Collections.shuffle(all, random);
        return all;
    }

    private static List<List<Seen>> split(List<Seen> rows, Random random) {
        List<List<Seen>> parts = new ArrayList<>();
        for (int from = 0; from < rows.size(); ) {
            int to = Math.min(rows.size(), from + 1 + random.nextInt(120));
            parts.add(rows.subList(from, to));
            from = to;
        }
        return parts;
    }

    private static RunState merged(List<RunState> states, Random random) {
        List<RunState> rest = new ArrayList<>(states);
        rest.add(RunState.empty());
        while (rest.size() > 1) {
            RunState into = rest.remove(random.nextInt(rest.size()));
            RunState from = rest.remove(random.nextInt(rest.size()));
            RunState carried = RunState.fromBytes(into.toBytes());
            carried.merge(from);
            rest.add(carried);
        }
        return rest.get(0);
    }

    @Test
    void totalsAreThoseOfALedger() {
        List<Seen> rows = rows(new Random(1));
        try (ComputeLedger ledger = ComputeLedger.inMemory().start();
                StepBatch batch = batch(rows)) {
            ledger.run(SPEC);
            ledger.ingest(batch);
            var account = state(rows).account(SPEC);
            var expected = ledger.totals("orion");
            assertThat(account.total()).isEqualTo(expected.total());
            assertThat(account.retained()).isEqualTo(expected.retained());
            assertThat(account.total().bounds().best()).isGreaterThan(FlopCount.ZERO);
            assertThat(account.discarded().bounds().best()).isGreaterThan(FlopCount.ZERO);
        }
    }

    @Test
    void aContradictionStaysOneInAnyOrder() {
        Seen first = new Seen(0, 1, 0, 1_000, 1);
        Seen other = new Seen(0, 1, 0, 1_001, 1);
        Seen later = new Seen(0, 2, 0, 1_000, 1);
        RunState together = state(List.of(first, later, other));
        RunState apart = state(List.of(other));
        apart.merge(state(List.of(later)));
        apart.merge(state(List.of(first)));
        apart.merge(state(List.of(later)));

        assertThat(together.isContradicted()).isTrue();
        assertThat(apart.toBytes()).isEqualTo(together.toBytes());
        assertThat(RunState.fromBytes(apart.toBytes()).findings(ReviewProfiles.named("eu-gpai"), SPEC))
                .extracting(finding -> finding.finding().kind())
                .containsExactly(FindingKind.CONTRADICTED);
        assertThatIllegalStateException().isThrownBy(() -> apart.account(SPEC)).withMessageContaining("contradict");
    }

    @Test
    void aRuleIsReadFromTheState() {
        RunState state = state(List.of(new Seen(0, 1, 0, 900_000_000_000_000L, 1)));
        var profile = ReviewProfiles.threshold("line", FlopCount.parse("1e25"));
        assertThat(state.findings(profile, SPEC))
                .extracting(
                        finding -> finding.finding().kind(),
                        finding -> finding.finding().step())
                .containsExactly(org.assertj.core.groups.Tuple.tuple(FindingKind.FOUND_ABOVE, 1L));
    }

    @Test
    void whatIsRefusedIsSaid() {
        RunState state = RunState.empty();
        try (StepBatch batch = batch(List.of(
                new Seen(0, 1, 0, -5, 1), new Seen(0, 2, 0, 2_000_000_000_000_000L, 1), new Seen(0, 3, 0, 7, 1)))) {
            assertThat(state.add(batch))
                    .extracting(RowRejection::code)
                    .containsExactly("TOKENS_NEGATIVE", "TOKENS_IMPLAUSIBLE");
        }
        assertThat(state.implausible()).containsExactly(StepColumn.TOKENS);
        assertThat(state.account(SPEC).total().covered()).isEqualTo(1);
        assertThat(state.account(SPEC).total().observations()).isEqualTo(2);
    }

    @Test
    void statesOfTwoRunsAreNotMerged() {
        RunState orion = state(List.of(new Seen(0, 1, 0, 5, 1)));
        RunState lyra = RunState.empty();
        try (StepBatchBuilder builder = StepBatch.builder(memory)) {
            builder.run("lyra")
                    .attempt(0)
                    .step(1)
                    .source("a")
                    .stage(Stage.PRETRAINING)
                    .append();
            try (StepBatch batch = builder.build()) {
                lyra.add(batch);
                byte[] before = orion.toBytes();
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> orion.merge(lyra))
                        .withMessageContaining("lyra");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> orion.add(batch))
                        .withMessageContaining("lyra");
                assertThat(orion.toBytes()).isEqualTo(before);
            }
        }
    }

    @Test
    void version1IsReadForGood() throws IOException {
        List<RunState> states = List.of(
                RunState.empty(),
                state(List.of(new Seen(0, 1, 0, 5, 1), new Seen(0, 1, 0, 6, 1))),
                state(List.of(new Seen(0, 1, 0, 5, 1), new Seen(0, 2, 0, 2_000_000_000_000_000L, 2))));
        Path golden = Path.of("src/test/resources/org/flopledger/run-state-1.hex");
        if (Boolean.getBoolean("flopledger.write")) {
            Files.write(
                    golden,
                    states.stream()
                            .map(state -> HexFormat.of().formatHex(state.toBytes()))
                            .toList());
        }
        List<String> lines = Files.readAllLines(golden);
        assertThat(lines).hasSize(states.size());
        for (int i = 0; i < lines.size(); i++) {
            byte[] bytes = HexFormat.of().parseHex(lines.get(i));
            assertThat(RunState.fromBytes(bytes).toBytes())
                    .isEqualTo(bytes)
                    .isEqualTo(states.get(i).toBytes());
        }
    }

    @Test
    void damageIsOneException() {
        byte[] bytes = state(rows(new Random(3))).toBytes();
        Random random = new Random(4);
        for (int i = 0; i < 400; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatIllegalArgumentException().isThrownBy(() -> RunState.fromBytes(damaged));
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            assertThatIllegalArgumentException().isThrownBy(() -> RunState.fromBytes(cut));
        }
    }

    private RunState state(List<Seen> rows) {
        RunState state = RunState.empty();
        Consumer<StepBatch> add = batch -> assertThat(state.add(batch)).hasSizeLessThanOrEqualTo(1);
        try (StepBatch batch = batch(rows)) {
            add.accept(batch);
        }
        return state;
    }

    private StepBatch batch(List<Seen> rows) {
        try (StepBatchBuilder builder = StepBatch.builder(memory)) {
            for (Seen row : rows) {
                builder.run("orion")
                        .attempt(row.attempt)
                        .step(row.step)
                        .source("rank-" + row.source)
                        .stage(Stage.PRETRAINING)
                        .model("orion-7b")
                        .tokens(row.tokens)
                        .endedAtMicros(row.endedAt)
                        .append();
            }
            return builder.build();
        }
    }
}
