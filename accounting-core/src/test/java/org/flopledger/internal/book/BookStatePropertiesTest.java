package org.flopledger.internal.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.book.RandomBooks.Observation;
import org.flopledger.internal.cells.ModelFormulas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A book's bytes depend on its observations alone, and books merge to the book of all observations, each counted once. */
class BookStatePropertiesTest {

    private static final int SEEDS = 60;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void releaseMemory() {
        allocator.close();
    }

    @Test
    void everyOrderAndSplitIntoBatchesGivesTheSameBytes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Observation> all = RandomBooks.observations(random);
            AccountBook one = book(all, random, seed % 2 == 0);
            List<Observation> twice = new ArrayList<>(all);
            twice.addAll(all.subList(0, all.size() / 2));
            Collections.shuffle(twice, random);
            assertThat(book(twice, random, seed % 3 == 0).toBytes())
                    .as("seed " + seed)
                    .isEqualTo(one.toBytes());
        }
    }

    @Test
    void aBookReadFromBytesHoldsWhatWasWritten() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            AccountBook written = book(RandomBooks.observations(random), random, true);
            AccountBook read = AccountBook.fromBytes(written.toBytes());
            assertThat(read.toBytes()).as("seed " + seed).isEqualTo(written.toBytes());
            read.use(RandomBooks.FORMULAS);
            assertThat(RandomBooks.figures(read)).as("seed " + seed).isEqualTo(RandomBooks.figures(written));
        }
    }

    @Test
    void aBookReadFromBytesAdmitsFurtherBatchesAsTheWrittenOneDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Observation> all = RandomBooks.observations(random);
            AccountBook written = book(all.subList(0, all.size() / 2), random, true);
            AccountBook read = AccountBook.fromBytes(written.toBytes());
            read.use(RandomBooks.FORMULAS);
            List<Observation> more = new ArrayList<>();
            for (Observation observation : all) {
                more.add(random.nextInt(3) > 0 ? observation : observation.withContent(random.nextInt(40)));
            }
            assertThat(RandomBooks.feed(read, allocator, more))
                    .as("seed " + seed)
                    .usingRecursiveComparison()
                    .isEqualTo(RandomBooks.feed(written, allocator, more));
            assertThat(read.toBytes()).as("seed " + seed).isEqualTo(written.toBytes());
            assertThat(RandomBooks.figures(read)).as("seed " + seed).isEqualTo(RandomBooks.figures(written));
        }
    }

    @Test
    void everyMergeTreeOfOverlappingPartsGivesTheBookOfAllObservations() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Observation> all = RandomBooks.observations(random);
            AccountBook whole = book(all, random, true);
            AccountBook merged = merged(parts(all, random), random);
            merged.use(RandomBooks.FORMULAS);
            assertThat(merged.toBytes()).as("seed " + seed).isEqualTo(whole.toBytes());
            assertThat(RandomBooks.figures(merged)).as("seed " + seed).isEqualTo(RandomBooks.figures(whole));
        }
    }

    @Test
    void eitherOfTwoBooksMayTakeInTheOther() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<AccountBook> parts = parts(RandomBooks.observations(random), random);
            AccountBook a = AccountBook.fromBytes(parts.get(0).toBytes());
            AccountBook b = AccountBook.fromBytes(parts.get(1).toBytes());
            a.merge(parts.get(1));
            b.merge(parts.get(0));
            assertThat(a.toBytes()).as("seed " + seed).isEqualTo(b.toBytes());
        }
    }

    @Test
    void aBookMergedWithItselfIsUnchanged() {
        Random random = new Random(4);
        AccountBook book = book(RandomBooks.observations(random), random, true);
        byte[] before = book.toBytes();
        book.merge(book);
        assertThat(book.toBytes()).isEqualTo(before);
    }

    @Test
    void aDifferentContentOfOneStepIsRefusedAndChangesNeitherBook() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Observation> all = RandomBooks.observations(random);
            Observation changed = all.get(0).withContent((all.get(0).content() + 1) % 40);
            List<Observation> others = new ArrayList<>(all.subList(1, 1 + all.size() / 2));
            others.add(random.nextInt(others.size()), changed);
            AccountBook a = book(all, random, true);
            AccountBook b = book(others, random, false);
            byte[] aBefore = a.toBytes();
            byte[] bBefore = b.toBytes();
            String message = "run '" + changed.run() + "', attempt " + changed.attempt() + ", steps " + changed.step()
                    + " to " + changed.step() + ": ";
            assertThatThrownBy(() -> a.merge(b))
                    .as("seed " + seed)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(message);
            assertThatThrownBy(() -> b.merge(a))
                    .as("seed " + seed)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(message);
            assertThat(a.toBytes()).as("seed " + seed).isEqualTo(aBefore);
            assertThat(b.toBytes()).as("seed " + seed).isEqualTo(bBefore);
            assertThat(RandomBooks.figures(a))
                    .as("seed " + seed)
                    .isEqualTo(RandomBooks.figures(book(all, random, true)));
        }
    }

    @Test
    void figuresDoNotDependOnWhenAModelBecameKnown() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Observation> all = RandomBooks.observations(random);
            AccountBook late = new AccountBook();
            int known = random.nextInt(all.size());
            RandomBooks.feed(late, allocator, all.subList(0, known), random);
            late.use(RandomBooks.FORMULAS);
            RandomBooks.feed(late, allocator, all.subList(known, all.size()), random);
            assertThat(RandomBooks.figures(late))
                    .as("seed " + seed)
                    .isEqualTo(RandomBooks.figures(book(all, random, true)));
            late.use(ModelFormulas.none());
            late.use(RandomBooks.FORMULAS);
            assertThat(RandomBooks.figures(late))
                    .as("seed " + seed)
                    .isEqualTo(RandomBooks.figures(book(all, random, true)));
        }
    }

    private AccountBook book(List<Observation> observations, Random random, boolean isPriced) {
        AccountBook book = new AccountBook();
        if (isPriced) {
            book.use(RandomBooks.FORMULAS);
        }
        RandomBooks.feed(book, allocator, observations, random);
        return book;
    }

    /** Gives each observation to one to all of some books. */
    private List<AccountBook> parts(List<Observation> observations, Random random) {
        List<List<Observation>> shares = new ArrayList<>();
        for (int part = 0; part < 2 + random.nextInt(4); part++) {
            shares.add(new ArrayList<>());
        }
        int overlap = random.nextInt(3);
        for (Observation observation : observations) {
            shares.get(random.nextInt(shares.size())).add(observation);
            for (List<Observation> share : shares) {
                if (random.nextInt(3) < overlap && !share.contains(observation)) {
                    share.add(observation);
                }
            }
        }
        List<AccountBook> parts = new ArrayList<>();
        for (List<Observation> share : shares) {
            Collections.shuffle(share, random);
            parts.add(book(share, random, random.nextBoolean()));
        }
        return parts;
    }

    private static AccountBook merged(List<AccountBook> books, Random random) {
        List<AccountBook> parts = new ArrayList<>(books);
        while (parts.size() > 1) {
            AccountBook taken = parts.remove(random.nextInt(parts.size()));
            AccountBook into = parts.get(random.nextInt(parts.size()));
            into.merge(random.nextBoolean() ? taken : AccountBook.fromBytes(taken.toBytes()));
        }
        return parts.get(0);
    }
}
