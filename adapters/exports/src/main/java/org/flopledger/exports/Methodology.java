package org.flopledger.exports;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.flopledger.account.ComputeFigure;
import org.flopledger.exports.Measured.Sum;
import org.jspecify.annotations.Nullable;

/** Says in words how figures were obtained. No amount is in it that a recipient is to have rounded. Stateless. */
final class Methodology {

    private Methodology() {}

    /** Returns how the compute was counted. */
    static String compute(Measured measured) {
        ComputeFigure total = measured.total();
        List<String> sentences = new ArrayList<>();
        if (total.covered() == 0) {
            sentences.add("No observed step has a figure, so the compute is unknown.");
        } else {
            sentences.add("Added up from observed training steps, each by the best method its evidence allows: "
                    + total.parts().keySet().stream()
                            .map(method -> switch (method) {
                                case ARCHITECTURE -> "operations of the model's layers";
                                case PARAMETER_TOKEN -> "six operations per parameter and token";
                                case HARDWARE -> "device time, peak rate and utilisation";
                                case REPORTED -> "what the framework reported";
                            })
                            .collect(Collectors.joining(", "))
                    + ".");
            sentences.add(
                    "One multiply-add is two operations; every number format weighs the same; activations computed a"
                            + " second time are not in the figure; steps that a restart threw away are.");
        }
        sentences.add(coverage(total.covered(), total.observations(), "a figure"));
        return String.join(" ", sentences);
    }

    /** Returns how the energy was obtained. */
    static String energy(@Nullable Sum joules) {
        return joules == null
                ? "No observation told its energy."
                : "Added up from what was measured of each step. "
                        + coverage(joules.known(), joules.observations(), "energy");
    }

    /** Returns what is known of the training. */
    static String training(Measured measured) {
        return compute(measured) + " " + energy(measured.joules());
    }

    private static String coverage(long known, long all, String what) {
        return known == all
                ? "Every observation has " + what + "."
                : known + " of " + all + " observations have " + what + "; the others are unknown, not zero.";
    }
}
