package org.flopledger.exports;

import java.util.LinkedHashMap;
import java.util.Map;
import org.flopledger.account.ComputeFigure;
import org.flopledger.exports.Measured.Sum;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/** The amounts of a run by our own names, exact as decimal strings, for forms that take names and texts. */
final class Amounts {

    private final Map<String, String> named = new LinkedHashMap<>();

    private Amounts() {}

    /** Returns names and amounts in a fixed order; what is unknown has no name. */
    static Map<String, String> of(Measured measured) {
        var amounts = new Amounts();
        ComputeFigure total = measured.total();
        amounts.figure("compute:total", total);
        if (total.covered() > 0) {
            amounts.put("compute:executed", total.executed());
            amounts.put("compute:method", total.method());
        }
        amounts.put("compute:observations", total.observations());
        amounts.put("compute:observations-with-figure", total.covered());
        amounts.figure("compute:retained", measured.run().account().retained());
        amounts.figure("compute:discarded", measured.run().account().discarded());
        total.parts().forEach((method, part) -> amounts.interval("compute:method:" + method.name(), part.bounds()));
        measured.run()
                .account()
                .totalByStage()
                .forEach((stage, figure) -> amounts.figure("compute:stage:" + stage.name(), figure));
        amounts.sum("energy:joules", measured.joules());
        amounts.sum("device-seconds", measured.deviceSeconds());
        amounts.sum("tokens", measured.tokens());
        amounts.put("parameters:active", measured.activeParameters());
        amounts.put("parameters:trainable", measured.trainableParameters());
        amounts.put("attempts", measured.attempts());
        amounts.put("started-at", measured.startedAt());
        amounts.put("ended-at", measured.endedAt());
        return amounts.named;
    }

    private void figure(String name, ComputeFigure figure) {
        // No observation is known to have cost nothing; observations without a figure are unknown.
        if (figure.covered() > 0 || figure.observations() == 0) {
            interval(name, figure.bounds());
        }
    }

    private void interval(String name, FlopBounds bounds) {
        put(name + ":low", bounds.low());
        put(name + ":best", bounds.best());
        put(name + ":high", bounds.high());
    }

    private void sum(String name, @Nullable Sum sum) {
        if (sum != null) {
            put(name, sum.amount().toPlainString());
            put(name + ":observations", sum.known());
        }
    }

    private void put(String name, @Nullable Object value) {
        if (value != null) {
            named.put(name, value.toString());
        }
    }
}
