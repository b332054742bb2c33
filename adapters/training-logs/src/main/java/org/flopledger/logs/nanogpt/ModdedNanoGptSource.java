package org.flopledger.logs.nanogpt;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** Records of modded-nanogpt, most of which begin with the program: {@code step:13/1480 train_time:428ms step_avg:142.65ms}. */
public final class ModdedNanoGptSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public ModdedNanoGptSource() {
        super(
                "modded-nanogpt",
                "^(\\[?rank\\d+]?:? *)?(step:\\d+/\\d+\\b.*train_time:[\\d.]+m?s|s:\\d+ (trl|tel):\\S+)",
                "train_time:",
                " trl:");
    }

    @Override
    protected ConsoleReader reader() {
        return new ModdedNanoGptReader();
    }
}
