package org.flopledger.logs;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flopledger.estimation.AcceleratorTable;
import org.flopledger.logs.scan.Digests;

/**
 * Keeps words of a file that are in no known vocabulary out of reports and ledgers: they may be a name, a host or a secret. What is
 * shown instead tells two of them apart and says nothing else.
 */
public final class UnknownWord {

    private static final int SHOWN_DIGITS = 8;
    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");
    private static final Pattern SIZE =
            Pattern.compile("\\d{1,4}(gb|gib|g|w|x)?|x\\d{1,4}|gen\\d|hbm\\d?e?|v\\d[a-z]?");
    private static final Pattern PATH = Pattern.compile("(\\$\\.[a-z_]{1,40})\\b.*");

    /** Makers, brands and kinds of devices, beside the names that the table of devices knows. */
    private static final Set<String> DEVICE_WORDS = Set.of(
            ("nvidia amd intel google aws amazon huawei graphcore groq habana cerebras geforce instinct radeon quadro cloud ai"
                            + " gpu gpus tpu ipu npu r tm accelerator tensor core chip card device oam sxm sxm4 sxm5 pcie nvl"
                            + " bow rx xt xtx titan tesla blackwell hopper ampere ultra super ti gaudi trainium inferentia")
                    .split(" "));

    private UnknownWord() {}

    /** Returns what stands for a word, such as {@code unknown benchmark #1a2b3c4d}. */
    public static String of(String what, String word) {
        return "unknown " + what + " #" + hash(word);
    }

    /** Returns the name of a device as it is written if it is made of known words, else what stands for it. */
    public static String orDevice(String name) {
        boolean isKnown = Stream.of(SEPARATORS.split(name.toLowerCase(Locale.ROOT)))
                .allMatch(word -> word.isEmpty()
                        || Vocabulary.WORDS.contains(word)
                        || SIZE.matcher(word).matches());
        return isKnown && name.chars().allMatch(c -> c >= ' ' && c < 0x7F) ? name : of("device", name);
    }

    /**
     * Returns why a description beside a log is not used, without anything that it says: the file's kind, the field, and what
     * stands for the whole message, which {@code estimate} prints.
     *
     * @param file name by which such descriptions are found
     * @param message what its reader says
     */
    public static String inDescription(String file, String message) {
        int path = message.indexOf("$.");
        var field = PATH.matcher(path < 0 ? "" : message.substring(path));
        return file + (field.matches() ? ": " + field.group(1) : "") + ": is not understood (#" + hash(message)
                + "); flopledger estimate prints why";
    }

    private static String hash(String text) {
        return Digests.sha256(text).substring(0, SHOWN_DIGITS);
    }

    /** Read once, at first use. */
    private static final class Vocabulary {

        private static final Set<String> WORDS = Stream.concat(
                        DEVICE_WORDS.stream(),
                        AcceleratorTable.standard().accelerators().stream()
                                .flatMap(known ->
                                        Stream.concat(Stream.of(known.id(), known.name()), known.aliases().stream()))
                                .flatMap(name -> Stream.of(SEPARATORS.split(name.toLowerCase(Locale.ROOT)))))
                .collect(Collectors.toUnmodifiableSet());
    }
}
