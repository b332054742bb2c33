package org.flopledger.logs;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises the logs that are known and not read, by the look of a line. */
enum TextKind {
    MEGATRON(RejectionReason.UNSUPPORTED_MEGATRON, "iteration[ =]+\\d+/ *(\\d+|infinity) *\\|"),
    NANOGPT(RejectionReason.UNSUPPORTED_NANOGPT, "\\bstep:\\d+/\\d+ (val_loss|train_loss|train_time|loss)"),
    DEEPSPEED(
            RejectionReason.UNSUPPORTED_DEEPSPEED,
            "\\[Rank \\d+\\] step=\\d+, skipped=\\d+|epoch=\\d+/micro_step=\\d+/global_step=\\d+"),
    TABLE(RejectionReason.UNSUPPORTED_TABLE, "^[\\w .\\[\\]%/()-]+(, *[\\w .\\[\\]%/()-]+){2,}$");

    private static final int LONGEST_LOOK = 400;

    private final RejectionReason reason;
    private final Pattern line;

    TextKind(RejectionReason reason, String line) {
        this.reason = reason;
        this.line = Pattern.compile(line);
    }

    RejectionReason reason() {
        return reason;
    }

    /**
     * Returns the kind of log that a line looks like, or null.
     *
     * @param first whether it is the first line: only that can be the head of a table
     */
    static @Nullable TextKind of(byte[] bytes, int length, boolean first) {
        String text = new String(bytes, 0, Math.min(length, LONGEST_LOOK), StandardCharsets.ISO_8859_1);
        for (TextKind kind : values()) {
            if ((kind != TABLE || first) && kind.line.matcher(text).find()) {
                return kind;
            }
        }
        return null;
    }
}
