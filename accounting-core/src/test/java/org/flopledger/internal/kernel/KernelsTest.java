package org.flopledger.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.flopledger.telemetry.KernelForms;
import org.junit.jupiter.api.Test;

class KernelsTest {

    @Test
    void theChosenFormAndItsReasonCanBeRead() {
        assertThat(Kernels.form()).isIn("scalar", "segment");
        assertThat(Kernels.reason()).contains("Java " + Runtime.version().feature());
    }

    @Test
    void bothFormsAreTestedOnTheNewestJava() {
        // The build puts the overlay first on the test class path; without it half of the kernel tests would test
        // nothing.
        assertThat(KernelForms.all())
                .extracting(ColumnKernel::form)
                .containsExactly(
                        Runtime.version().feature() >= 25
                                ? new String[] {"scalar", "segment"}
                                : new String[] {"scalar"});
    }
}
