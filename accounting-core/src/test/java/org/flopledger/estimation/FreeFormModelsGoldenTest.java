package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.model.DescribedModels;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.Join;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Operation.Role;
import org.flopledger.model.Operation.Table;
import org.flopledger.model.Oracles;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Vision models of full size, those that are no stack of blocks given by their operations. */
class FreeFormModelsGoldenTest {

    /** Lists operations; each method returns the position of the one it adds. */
    private static final class Network {
        private final List<Operation> operations = new ArrayList<>();

        int add(Domain domain, Operation.Kind kind, int... inputs) {
            operations.add(new Operation(
                    "op." + operations.size(),
                    -1,
                    domain,
                    Role.OTHER,
                    kind,
                    Arrays.stream(inputs).boxed().toList()));
            return operations.size() - 1;
        }

        /** A convolution without bias and the batch norm after it. */
        int convolution(long in, long out, long kernel, long side, int... input) {
            int convolved = add(Domain.SEQUENCE, new Convolution(in, out, kernel * kernel, side * side, false), input);
            return add(Domain.SEQUENCE, new Elementwise(2 * out, true), convolved);
        }
    }

    private static List<Operation> resNet50() {
        var network = new Network();
        int stream = network.convolution(3, 64, 7, 112);
        long width = 64;
        int[] depths = {3, 4, 6, 3};
        for (int stage = 0; stage < depths.length; stage++) {
            long narrow = 64L << stage;
            long side = 56L >> stage;
            for (int block = 0; block < depths[stage]; block++) {
                // The first block of a stage reads the larger side; its stride is in the 3 x 3 convolution.
                long read = block == 0 && stage > 0 ? 2 * side : side;
                int inner = network.convolution(width, narrow, 1, read, stream);
                inner = network.convolution(narrow, narrow, 3, side, inner);
                inner = network.convolution(narrow, 4 * narrow, 1, side, inner);
                int shortcut = block == 0 ? network.convolution(width, 4 * narrow, 1, side, stream) : stream;
                stream = network.add(Domain.SEQUENCE, new Join(), inner, shortcut);
                width = 4 * narrow;
            }
        }
        network.add(Domain.SEQUENCE, Matrix.linear(width, 1000, true), stream);
        return network.operations;
    }

    /** DiT-XL/2: blocks whose norms are shifted and scaled by a condition, computed once for each sample. */
    private static List<Operation> diffusionTransformer() {
        long h = 1152;
        var network = new Network();
        int stream = network.add(Domain.SEQUENCE, new Convolution(4, h, 4, 256, true));
        int time = network.add(Domain.SEQUENCE, Matrix.linear(256, h, true));
        time = network.add(Domain.SEQUENCE, Matrix.linear(h, h, true), time);
        int label = network.add(Domain.SEQUENCE, new Table(1001, h));
        int condition = network.add(Domain.SEQUENCE, new Join(), time, label);
        for (int block = 0; block < 28; block++) {
            int shifts = network.add(Domain.SEQUENCE, Matrix.linear(h, 6 * h, true), condition);
            int read = network.add(Domain.TOKEN, new Join(), stream, shifts);
            int fused = network.add(Domain.TOKEN, Matrix.linear(h, 3 * h, true), read);
            int core = network.add(Domain.TOKEN, new Core(16, 16, 72, 72, Reach.BIDIRECTIONAL), fused, fused, fused);
            int attended = network.add(Domain.TOKEN, Matrix.linear(h, h, true), core);
            stream = network.add(Domain.TOKEN, new Join(), stream, attended);
            int inner = network.add(Domain.TOKEN, Matrix.linear(h, 4 * h, true), stream, shifts);
            int output = network.add(Domain.TOKEN, Matrix.linear(4 * h, h, true), inner);
            stream = network.add(Domain.TOKEN, new Join(), stream, output);
        }
        int shifts = network.add(Domain.SEQUENCE, Matrix.linear(h, 2 * h, true), condition);
        network.add(Domain.TOKEN, Matrix.linear(h, 32, true), stream, shifts);
        return network.operations;
    }

    private static JsonNode vision(String start) {
        return Oracles.elements(Oracles.read("flops_measured.json").get("full_size_vision")).stream()
                .filter(row -> row.get("case").asText().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private static void compare(StepEstimate estimate, JsonNode row) {
        assertThat(estimate.forward()).hasToString(row.get("forward_flops").asText());
        assertThat(estimate.model())
                .hasToString(row.get("forward_backward_flops").asText());
    }

    @Test
    void aConvolutionalNetworkIsEqual() {
        JsonNode row = vision("ResNet-50");

        compare(
                FlopEstimator.ofOperations("ResNet-50", resNet50(), TrainingSetting.FULL)
                        .estimate(Batch.of(1, 1)),
                row);
        assertThat(ParameterCount.ofOperations("ResNet-50", resNet50(), PeftMethod.FULL)
                        .total())
                .isEqualTo(row.get("params_total").asLong());
    }

    @Test
    void aDiffusionTransformerIsEqual() {
        JsonNode row = vision("DiT-XL/2");

        compare(
                FlopEstimator.ofOperations("DiT-XL/2", diffusionTransformer(), TrainingSetting.FULL)
                        .estimate(Batch.of(1, 256)),
                row);
        // Its position table is fixed: part of the published total, not trained.
        assertThat(ParameterCount.ofOperations("DiT-XL/2", diffusionTransformer(), PeftMethod.FULL)
                        .trainable())
                .isEqualTo(row.get("params_trainable").asLong());
    }

    @TestFactory
    Stream<DynamicTest> visionTransformersAreEqual() {
        return Oracles.elements(Oracles.read("flops_measured.json").get("full_size_vision")).stream()
                .filter(row -> row.get("case").asText().startsWith("ViT"))
                .map(row -> dynamicTest(row.get("case").asText(), () -> {
                    JsonNode config = row.get("config");
                    var model =
                            DescribedModels.visionTransformer(row.get("case").asText(), config);
                    compare(
                            FlopEstimator.of(model, TrainingSetting.FULL)
                                    .estimate(Batch.of(1, model.main().input().fixedLength())),
                            row);
                    assertThat(ParameterCount.of(model).total())
                            .isEqualTo(row.get("params_total").asLong());
                }));
    }
}
