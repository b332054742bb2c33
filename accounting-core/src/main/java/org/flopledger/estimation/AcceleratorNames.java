package org.flopledger.estimation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flopledger.estimation.AcceleratorTable.RefusedDevice;
import org.jspecify.annotations.Nullable;

/**
 * Finds the device that a text names.
 *
 * <p>A text names a device if it is one of its spellings up to case, blanks and punctuation, or if it contains one in whole words
 * and its other words are known to change no peak. An unknown word more often than not makes another chip of it ({@code Ti},
 * {@code Laptop}, {@code D}, {@code PCIe}, {@code MIG}), and a peak of another chip is worse than none. Immutable.
 */
final class AcceleratorNames {

    private static final Pattern TRADEMARKS = Pattern.compile("\\((r|tm)\\)");
    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");

    /** Makers, brands, kinds of memory and of module: they stand beside a name and say nothing that it does not say. */
    private static final Set<String> IDLE_WORDS = Set.of(
            ("nvidia amd intel google aws amazon huawei graphcore groq habana tesla geforce instinct radeon cloud ai gpu gpus"
                            + " accelerator accelerators tensor core chip card device oam cts tdp"
                            + " hbm hbm2 hbm2e hbm3 hbm3e gddr6 gddr6x gddr7")
                    .split(" "));

    /** A count of devices, the power one is set to, and the generation of the bus it sits on. */
    private static final Pattern IDLE_FORM = Pattern.compile("x\\d+|\\d+x|\\d+w|gen\\d");

    private static final Pattern SPACED_MEMORY = Pattern.compile("\\b(\\d+) (gb|gib)\\b");
    private static final Pattern MEMORY = Pattern.compile("(\\d+)(gb|gib)");

    private final List<Spelling> spellings = new ArrayList<>();
    private final Map<String, Spelling> exact = new HashMap<>();

    AcceleratorNames(List<Accelerator> accelerators, List<RefusedDevice> refused) {
        for (Accelerator accelerator : accelerators) {
            register(new Spelling(words(accelerator.id()), accelerator, null));
            register(new Spelling(words(accelerator.name()), accelerator, null));
            accelerator.aliases().forEach(alias -> register(new Spelling(words(alias), accelerator, null)));
        }
        for (RefusedDevice device : refused) {
            device.names().forEach(name -> register(new Spelling(words(name), null, device.why())));
        }
    }

    /**
     * One spelling of a device.
     *
     * @param words in lower case
     * @param accelerator the device, or null if it has no peaks
     * @param refusal why it has none, or null if it has
     */
    private record Spelling(
            List<String> words,
            @Nullable Accelerator accelerator,
            @Nullable String refusal) {

        boolean isOfTheSameDeviceAs(Spelling other) {
            return accelerator != null
                    ? accelerator.equals(other.accelerator)
                    : refusal != null && refusal.equals(other.refusal);
        }
    }

    private void register(Spelling spelling) {
        Spelling other = exact.put(String.join("", spelling.words()), spelling);
        if (other != null && !other.isOfTheSameDeviceAs(spelling)) {
            throw new IllegalArgumentException("alias " + String.join(" ", spelling.words()) + " of " + owner(spelling)
                    + " is taken by " + owner(other) + ", must be its own");
        }
        spellings.add(spelling);
    }

    private static String owner(Spelling spelling) {
        return spelling.accelerator() == null
                ? "a refused device"
                : spelling.accelerator().id();
    }

    /** Returns the device that a text names, or empty. */
    Optional<Accelerator> find(String text) {
        List<String> words = words(text);
        Spelling spelling = longestIn(words);
        return spelling == null
                        || spelling.accelerator() == null
                        || !otherWords(words, spelling).isEmpty()
                ? Optional.empty()
                : Optional.of(spelling.accelerator());
    }

    /** Returns why a text names no device, or empty if it does, or is like no name. */
    Optional<String> refusal(String text) {
        List<String> words = words(text);
        Spelling spelling = longestIn(words);
        if (spelling == null) {
            return Optional.empty();
        }
        if (spelling.accelerator() == null) {
            return Optional.ofNullable(spelling.refusal());
        }
        List<String> others = otherWords(words, spelling);
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("it names " + spelling.accelerator().name() + ", but also '" + String.join(" ", others)
                        + "', which may be another device or a part of one");
    }

    private @Nullable Spelling longestIn(List<String> words) {
        Spelling same = exact.get(String.join("", words));
        if (same != null) {
            return same;
        }
        Spelling longest = null;
        for (Spelling spelling : spellings) {
            if (indexIn(words, spelling) >= 0
                    && (longest == null
                            || spelling.words().size() > longest.words().size())) {
                longest = spelling;
            }
        }
        return longest;
    }

    private static int indexIn(List<String> words, Spelling spelling) {
        return Collections.indexOfSubList(words, spelling.words());
    }

    /** Returns the words of a text beside a spelling that may make another device of it. */
    private static List<String> otherWords(List<String> words, Spelling spelling) {
        int start = indexIn(words, spelling);
        if (start < 0) {
            return List.of();
        }
        List<String> others = new ArrayList<>(words.subList(0, start));
        others.addAll(words.subList(start + spelling.words().size(), words.size()));
        return others.stream().filter(word -> !isIdle(word, others, spelling)).collect(Collectors.toList());
    }

    private static boolean isIdle(String word, List<String> others, Spelling spelling) {
        if (IDLE_WORDS.contains(word) || IDLE_FORM.matcher(word).matches() || isItsMemory(word, spelling)) {
            return true;
        }
        int at = others.indexOf(word);
        return word.equals("pcie")
                && at + 1 < others.size()
                && others.get(at + 1).startsWith("gen");
    }

    private static boolean isItsMemory(String word, Spelling spelling) {
        var memory = MEMORY.matcher(word);
        return spelling.accelerator() != null
                && memory.matches()
                && Double.parseDouble(memory.group(1)) == spelling.accelerator().memoryGigabytes();
    }

    private static List<String> words(String name) {
        String bare = TRADEMARKS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
        String spaced = SPACED_MEMORY
                .matcher(SEPARATORS.matcher(bare).replaceAll(" ").strip())
                .replaceAll("$1$2");
        return spaced.isEmpty() ? List.of() : List.of(spaced.split(" "));
    }
}
