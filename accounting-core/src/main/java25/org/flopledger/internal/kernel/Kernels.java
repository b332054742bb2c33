package org.flopledger.internal.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Picks the form of the kernels for this JVM and says which one and why.
 *
 * <p>This is the class for Java 25 and later. It prefers memory segments, and tries one before it says so: where native access is
 * denied, the scalar form runs and the reason is kept.
 */
public final class Kernels {

    private static final String REFUSAL = refusal();

    private Kernels() {}

    @SuppressWarnings("restricted")
    private static String refusal() {
        try {
            MemorySegment.NULL.reinterpret(1);
            return "";
        } catch (IllegalCallerException e) {
            return "native access is denied to this code (" + e.getMessage() + ")";
        }
    }

    /** Returns the kernel to use; {@code memory} is what the scalar form reads through. */
    public static ColumnKernel columnKernel(NativeMemory memory) {
        return REFUSAL.isEmpty() ? new SegmentKernel() : new ScalarKernel(memory);
    }

    /** Returns the name of the form in use: {@code scalar} or {@code segment}. */
    public static String form() {
        return REFUSAL.isEmpty() ? "segment" : "scalar";
    }

    /** Returns why that form is in use, in one sentence. */
    public static String reason() {
        return REFUSAL.isEmpty()
                ? "Java " + Runtime.version().feature() + " has memory segments, and access is allowed"
                : REFUSAL;
    }
}
