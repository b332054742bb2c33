package org.flopledger.internal.kernel;

import java.util.List;

/** The forms of the kernels that run on this JVM. */
public final class TestKernels {

    private TestKernels() {}

    /** Returns the scalar form, and the preferred form if it is another. */
    public static List<ColumnKernel> all(NativeMemory memory) {
        ColumnKernel scalar = new ScalarKernel(memory);
        ColumnKernel preferred = Kernels.columnKernel(memory);
        return preferred.form().equals(scalar.form()) ? List.of(scalar) : List.of(scalar, preferred);
    }
}
