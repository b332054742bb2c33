package org.flopledger.review;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.units.FlopCount;

/**
 * The shipped catalogue of rules and profiles, and profiles from a user's file.
 *
 * <p>Thread-safe. The file format is documented in {@code docs/formats/rules.md}. Files are data: nothing in them is
 * executed, and their size, depth and counts are limited.
 */
public final class ReviewProfiles {

    private ReviewProfiles() {}

    /** Read once, at first use. */
    private static final class Shipped {
        static final RuleLibrary LIBRARY = Catalogue.load();
        static final List<ReviewRule> RULES = LIBRARY.allRules();
    }

    private static final String THRESHOLD = "threshold:";

    /**
     * Returns a profile with one line of your own: everything that was executed as model FLOP in any stage, discarded steps and
     * earlier weights by the same developer included, above an amount. Reaching the amount is not yet above it.
     *
     * <p>Its id is {@code threshold:NAME:AMOUNT}, by which {@link #named} makes it again.
     *
     * @param name a name for the line: 1 to 64 lower case letters, digits and hyphens, beginning with a letter
     */
    public static ReviewProfile threshold(String name, FlopCount above) {
        return OwnThreshold.profile(THRESHOLD + name + ":" + above, name, above);
    }

    private static ReviewProfile threshold(String id) {
        int end = id.lastIndexOf(':');
        if (end < THRESHOLD.length()) {
            throw new IllegalArgumentException(
                    "profile is '" + MessageText.brief(id) + "', must be threshold:NAME:AMOUNT");
        }
        return threshold(id.substring(THRESHOLD.length(), end), FlopCount.parse(id.substring(end + 1)));
    }

    /**
     * Returns the shipped profile of that name, or else the profile that holds just the shipped rule of that name; or the line
     * that {@link #threshold} gave that name.
     *
     * @throws IllegalArgumentException if neither exists, naming the profiles
     */
    public static ReviewProfile named(String id) {
        if (id.startsWith(THRESHOLD)) {
            return threshold(id);
        }
        ReviewProfile profile = Shipped.LIBRARY.findProfile(id);
        return profile != null ? profile : ofRule(id);
    }

    /**
     * Returns the profile that holds just one shipped rule.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ReviewProfile ofRule(String id) {
        ReviewRule rule = Shipped.LIBRARY.findRule(id);
        if (rule == null) {
            throw new IllegalArgumentException("no shipped rule or profile is named '" + MessageText.brief(id)
                    + "'; profiles are "
                    + String.join(
                            ", ", profiles().stream().map(ReviewProfile::id).toList()));
        }
        return new ReviewProfile(rule.id(), rule.title(), List.of(rule));
    }

    /** Returns every shipped rule, in catalogue order. */
    public static List<ReviewRule> rules() {
        return Shipped.RULES;
    }

    /** Returns every shipped profile, in catalogue order. */
    public static List<ReviewProfile> profiles() {
        return Shipped.LIBRARY.allProfiles();
    }

    /**
     * Returns the profile of a user's file, which may name shipped rules and extend them.
     *
     * @throws IllegalArgumentException if the file is malformed, contradicts itself or is too large; the message names the
     *     file's name and the place in it
     * @throws UncheckedIOException if it cannot be read
     */
    public static ReviewProfile read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            // One byte more than allowed tells "too large" without reading a huge file.
            return parse(String.valueOf(file.getFileName()), in.readNBytes(LocatedJson.LONGEST_FILE + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the profile in the bytes of a file, see {@link #read}.
     *
     * @param source what messages call it
     */
    public static ReviewProfile parse(String source, byte[] json) {
        RuleLibrary library = new RuleLibrary(Shipped.LIBRARY);
        return new ProfileReader(library).read(LocatedJson.parse(source, json));
    }
}
