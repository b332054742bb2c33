package org.flopledger.cli.options;

import java.util.List;
import java.util.stream.Stream;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.review.ReviewRule;
import picocli.CommandLine;

/** Finds rules and profiles by the names that are typed, and says which may have been meant. */
public final class RuleNames {

    private RuleNames() {}

    /**
     * Returns the rule of that name as a profile of its own, or else the profile.
     *
     * @throws IllegalArgumentException if there is neither
     */
    public static ReviewProfile rule(String id) {
        return rules().anyMatch(id::equals) ? ReviewProfiles.ofRule(id) : named(id);
    }

    /**
     * Returns the rule of that name as a profile of its own, or else the profile.
     *
     * @throws CommandLine.ParameterException if there is neither
     */
    public static ReviewProfile rule(CommandLine command, String id) {
        try {
            return rule(id);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(command, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Returns the profile of that name, or else the rule as a profile of its own.
     *
     * @throws IllegalArgumentException if there is neither
     */
    public static ReviewProfile profile(String id) {
        return named(id);
    }

    private static ReviewProfile named(String id) {
        try {
            return ReviewProfiles.named(id);
        } catch (IllegalArgumentException e) {
            if (id.startsWith("threshold:")) {
                throw e;
            }
            List<String> known = Stream.concat(
                            rules(), ReviewProfiles.profiles().stream().map(ReviewProfile::id))
                    .toList();
            throw new IllegalArgumentException(
                    "no rule or profile is named '" + id + "'; flopledger rules lists them"
                            + Nearest.question(id, known),
                    e);
        }
    }

    private static Stream<String> rules() {
        return ReviewProfiles.rules().stream().map(ReviewRule::id);
    }
}
