package org.flopledger.internal.json;

import java.util.List;
import org.flopledger.account.ComputeFigure;
import org.flopledger.review.Finding;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which documents show figures and findings. Amounts are exact; the one that is rounded, for people, says so in its
 * key. Stateless.
 */
public final class JsonFigures {

    private static final int DIGITS_FOR_PEOPLE = 2;

    private JsonFigures() {}

    /** Writes an interval as fields of the object that is open; nulls where nothing is known. */
    public static void interval(JsonText json, @Nullable FlopBounds bounds) {
        json.text("low", bounds == null ? null : bounds.low())
                .text("best", bounds == null ? null : bounds.best())
                .text("high", bounds == null ? null : bounds.high());
    }

    /** Writes an interval as three strings: low, best, high; no field where nothing is known. */
    public static void triple(JsonText json, String name, @Nullable FlopBounds bounds) {
        if (bounds != null) {
            json.column(name, List.of(bounds.low(), bounds.best(), bounds.high()), FlopCount::toString);
        }
    }

    /** Writes an amount of compute with its interval, rounded and in exaFLOP-days besides; null where nothing is known. */
    public static void amount(JsonText json, String name, @Nullable FlopBounds bounds) {
        if (bounds == null) {
            json.text(name, null);
            return;
        }
        FlopCount best = bounds.best();
        json.object(
                name,
                amount -> amount.text("flop", best)
                        .text("low", bounds.low())
                        .text("high", bounds.high())
                        .text("twoSignificantDigits", best.toScientific(DIGITS_FOR_PEOPLE))
                        .text("exaFlopDays", best.toExaFlopDays().toPlainString()));
    }

    /** Writes a figure with its coverage; nulls for the interval where no observation is covered. */
    public static void figure(JsonText json, String name, ComputeFigure figure) {
        boolean isKnown = figure.covered() > 0 || figure.observations() == 0;
        json.object(name, fields -> {
            interval(fields, isKnown ? figure.bounds() : null);
            fields.text("covered", figure.covered()).text("observations", figure.observations());
        });
    }

    /** Writes a finding as fields of the object that is open. */
    public static void finding(JsonText json, Finding finding) {
        json.text("rule", finding.rule())
                .text("kind", finding.kind().name())
                .text("verdict", finding.verdict().name())
                .text("step", finding.step())
                .text("at", finding.at())
                .text("flop", finding.flop());
    }
}
