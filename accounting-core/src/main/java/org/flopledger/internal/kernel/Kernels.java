package org.flopledger.internal.kernel;

/**
 * Picks the form of the kernels for this JVM and says which one and why.
 *
 * <p>The jar holds this class twice: this one for every Java, and one under {@code META-INF/versions/25} that prefers
 * memory segments. A class directory has no versions, so an unpacked build runs this one.
 */
public final class Kernels {

    private Kernels() {}

    /** Returns the kernel to use; {@code memory} is what the scalar form reads through. */
    public static ColumnKernel columnKernel(NativeMemory memory) {
        return new ScalarKernel(memory);
    }

    /** Returns the name of the form in use: {@code scalar} or {@code segment}. */
    public static String form() {
        return "scalar";
    }

    /** Returns why that form is in use, in one sentence. */
    public static String reason() {
        return "memory segments need Java 25 and the packaged jar; this is Java "
                + Runtime.version().feature();
    }
}
