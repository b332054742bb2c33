package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A counted total is compared with that of the stored weights where their index lies beside the description. */
class WeightIndexTest {

    /** 2 x 100 x 64 of tables, a layer of 4 x 64 x 64 + 3 x 64 x 128 + 2 x 64, a norm of 64. */
    private static final long COUNTED = 12_800 + 16_384 + 24_576 + 128 + 64;

    @TempDir
    private Path folder;

    private ModelDescription read(String more, String metadata) throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4,
                 "intermediate_size": 128, "vocab_size": 100, "tie_word_embeddings": false %s}
                """.formatted(more));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"metadata\": {" + metadata + "}, \"weight_map\": {}}");
        return ModelDescription.read(folder);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "-64, true"})
    void statedParametersMustBeTheCountedOnes(long more, boolean differs) throws IOException {
        assertDiffers(read("", "\"total_parameters\": " + (COUNTED + more)), differs);
    }

    @ParameterizedTest
    @CsvSource({"bfloat16, 2, false", "float32, 4, false", "float32, 2, true", "int4, 1, false"})
    void bytesFollowFromTheTypeOfTheWeights(String type, long bytes, boolean differs) throws IOException {
        assertDiffers(read(", \"torch_dtype\": \"" + type + "\"", "\"total_size\": " + COUNTED * bytes), differs);
    }

    @Test
    void packedWeightsAreNotCompared() throws IOException {
        assertDiffers(
                read(", \"dtype\": \"bfloat16\", \"quantization_config\": {\"bits\": 4}", "\"total_size\": 5"), false);
    }

    @Test
    void anIndexWithoutSizesSaysNothing() throws IOException {
        assertDiffers(read(", \"dtype\": \"bfloat16\"", "\"total_size\": \"many\""), false);
    }

    @Test
    void anIndexThatCannotBeReadIsSaidAndStopsNothing() throws IOException {
        read("", "");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "[");

        assertThat(ModelDescription.read(folder).warnings())
                .extracting(DescriptionWarning::code)
                .contains(Code.INDEX_NOT_READ);
    }

    private static void assertDiffers(ModelDescription model, boolean differs) {
        assertThat(model.warnings().stream().map(DescriptionWarning::code).anyMatch(Code.TOTAL_DIFFERS::equals))
                .isEqualTo(differs);
    }
}
