package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.PeftTechnique;
import org.junit.jupiter.api.Test;

class AdapterDescriptionTest {

    /** Two blocks of width 8: four projections of 8 x 8 and three of 8 x 16 each. */
    private static final String LLAMA = """
            {"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
             "intermediate_size": 16, "vocab_size": 100%s}
            """;

    private static ModelDescription llama(String more) {
        return ModelDescription.parse(LLAMA.formatted(more).getBytes(StandardCharsets.UTF_8), "config.json");
    }

    private static AdapterDescription adapter(String json) {
        return AdapterDescription.parse(json.getBytes(StandardCharsets.UTF_8), "adapter_config.json");
    }

    private static long trainable(String json) {
        ModelDescription base = llama("");
        return ParameterCount.of(base.architecture(), adapter(json).methodFor(base))
                .trainable();
    }

    @Test
    void aListNamesTheEndingsOfModules() {
        assertThat(trainable("{\"peft_type\": \"LORA\", \"r\": 3, \"target_modules\": [\"q_proj\", \"v_proj\"]}"))
                .isEqualTo(2 * 2 * 3 * (8 + 8));
    }

    @Test
    void aTextIsOneExpressionForWholePaths() {
        assertThat(trainable("{\"peft_type\": \"LORA\", \"r\": 3, \"target_modules\": \".*layers\\\\.1\\\\..*_proj\"}"))
                .isEqualTo(4 * 3 * (8 + 8) + 3 * 3 * (8 + 16));
    }

    @Test
    void allLinearLeavesOutTheHead() {
        assertThat(trainable("{\"peft_type\": \"LORA\", \"r\": 1, \"target_modules\": \"All-Linear\"}"))
                .isEqualTo(2 * (4 * 16 + 3 * 24));
    }

    @Test
    void excludedModulesAreLeftOut() {
        assertThat(trainable("{\"peft_type\": \"LORA\", \"r\": 1, \"target_modules\": \"all-linear\","
                        + " \"exclude_modules\": [\"down_proj\"]}"))
                .isEqualTo(2 * (4 * 16 + 2 * 24));
    }

    @Test
    void layersRanksAndSavedModulesAreRead() {
        assertThat(trainable("""
                        {"peft_type": "LORA", "r": 2, "target_modules": ["q_proj", "k_proj"], "layers_to_transform": [1],
                         "rank_pattern": {"k_proj": 5}, "modules_to_save": ["lm_head"]}
                        """)).isEqualTo(2 * 16 + 5 * 16 + 800);
    }

    @Test
    void absentTargetsAreThoseOfPeftForTheFamily() {
        assertThat(trainable("{\"peft_type\": \"LORA\"}")).isEqualTo(2 * 2 * 8 * 16);
    }

    @Test
    void variantsAreToldApart() {
        ModelDescription base = llama("");
        ModelDescription quantised = llama(", \"quantization_config\": {\"load_in_4bit\": true}");
        String lora = "{\"peft_type\": \"LORA\", \"target_modules\": [\"q_proj\"]%s}";

        assertThat(adapter(lora.formatted("")).technique(base)).isEqualTo(PeftTechnique.LORA);
        assertThat(adapter(lora.formatted(", \"use_rslora\": true")).technique(base))
                .isEqualTo(PeftTechnique.RS_LORA);
        assertThat(adapter(lora.formatted(", \"use_dora\": true")).technique(base))
                .isEqualTo(PeftTechnique.DORA);
        assertThat(adapter(lora.formatted("")).technique(quantised)).isEqualTo(PeftTechnique.QLORA);
        assertThat(adapter("{\"peft_type\": \"IA3\"}").technique(base)).isEqualTo(PeftTechnique.IA3);
        assertThat(adapter("{\"peft_type\": \"PROMPT_TUNING\", \"num_virtual_tokens\": 4}")
                        .technique(base))
                .isEqualTo(PeftTechnique.PROMPT_TUNING);
        assertThat(adapter("{\"peft_type\": \"PREFIX_TUNING\", \"num_virtual_tokens\": 4}")
                        .technique(base))
                .isEqualTo(PeftTechnique.PREFIX_TUNING);
    }

    @Test
    void namesThatMatchNothingAreAnError() {
        assertThatThrownBy(() -> trainable("{\"peft_type\": \"LORA\", \"target_modules\": [\"c_attn\"]}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("c_attn")
                .hasMessageContaining("q_proj");
    }

    @Test
    void anUnknownMethodIsAnError() {
        assertThatThrownBy(() -> adapter("{\"peft_type\": \"MAGIC\"}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("$.peft_type is the text \"MAGIC\", must be one of LORA");
    }

    @Test
    void anExpressionThatNeverEndsIsRefused() {
        assertThatThrownBy(() -> trainable("{\"peft_type\": \"LORA\", \"target_modules\": \"((.*)*)*x\"}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("target_modules");
    }

    @Test
    void trainedBiasesAreNotCountedAndSaidSo() {
        assertThat(adapter("{\"peft_type\": \"LORA\", \"bias\": \"all\"}").warnings())
                .extracting(DescriptionWarning::code)
                .containsExactly(DescriptionWarning.Code.NOT_COUNTED);
    }
}
