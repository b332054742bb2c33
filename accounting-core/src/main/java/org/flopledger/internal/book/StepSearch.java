package org.flopledger.internal.book;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.history.RunHistory;

/** Searches the steps of one run, by attempt and number, for the one at which its account passes a test. */
final class StepSearch {

    private final AccountBook book;
    private final String run;
    private final Predicate<RunAccount> passes;

    StepSearch(AccountBook book, String run, Predicate<RunAccount> passes) {
        this.book = book;
        this.run = run;
        this.passes = passes;
    }

    Optional<AccountBook.Position> first() {
        RunHistory history = book.find(run);
        if (history == null || !passes.test(book.account(run)) || passes.test(new AccountBook().account(run))) {
            return Optional.empty();
        }
        List<RunHistory.Track> tracks = history.tracks();
        int[] attempts = tracks.stream()
                .mapToInt(RunHistory.Track::attempt)
                .distinct()
                .sorted()
                .toArray();
        int low = 0;
        int high = attempts.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (passesAt(attempts[middle], Long.MAX_VALUE)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return Optional.of(new AccountBook.Position(attempts[low], firstStep(tracks, attempts[low])));
    }

    private long firstStep(List<RunHistory.Track> tracks, int attempt) {
        long[] range = {Long.MAX_VALUE, 0};
        for (RunHistory.Track track : tracks) {
            if (track.attempt() == attempt) {
                track.steps().forEach(0, Long.MAX_VALUE, (first, last, content) -> {
                    range[0] = Math.min(range[0], first);
                    range[1] = Math.max(range[1], last);
                });
            }
        }
        long low = range[0];
        long high = range[1];
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (passesAt(attempt, middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private boolean passesAt(int attempt, long step) {
        AccountBook prefix = new AccountBook();
        prefix.use(book.formulas());
        new BookMerge(prefix, book).apply(run, attempt, step);
        return passes.test(prefix.account(run));
    }
}
