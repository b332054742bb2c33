package org.flopledger.telemetry;

import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.internal.kernel.TestKernels;

/** Lets tests of other packages choose the form that a batch is folded with. */
public final class KernelForms {

    private KernelForms() {}

    /** Returns every form that runs on this JVM. */
    public static java.util.List<ColumnKernel> all() {
        return TestKernels.all(ArrowMemory.INSTANCE);
    }

    /** Returns the batch, which from now on is validated and folded with the given form. */
    public static StepBatch with(StepBatch batch, ColumnKernel kernel) {
        batch.use(kernel);
        return batch;
    }
}
