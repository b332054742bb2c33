package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.PeftTechnique;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        return trainable(llama(""), json);
    }

    private static long trainable(ModelDescription base, String json) {
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
    void biasesAreTrainedEverywhereOrAtTheTargets() {
        ModelDescription base = llama(", \"attention_bias\": true");
        String lora = "{\"peft_type\": \"LORA\", \"r\": 1, \"target_modules\": [\"q_proj\"], \"bias\": \"%s\"}";

        assertThat(trainable(base, lora.formatted("none"))).isEqualTo(2 * 16);
        assertThat(trainable(base, lora.formatted("lora_only"))).isEqualTo(2 * (16 + 8));
        assertThat(trainable(base, lora.formatted("all"))).isEqualTo(2 * (16 + 4 * 8));
    }

    @Test
    void aModuleIsSavedByTheEndOfItsPath() {
        String lora =
                "{\"peft_type\": \"LORA\", \"r\": 1, \"target_modules\": [\"q_proj\"], \"modules_to_save\": [\"%s\"]}";

        // As in peft, "norm" is the end of every norm's name; "mlp" saves all that lies inside.
        assertThat(trainable(lora.formatted("norm"))).isEqualTo(2 * 16 + 5 * 8);
        assertThat(trainable(lora.formatted("model.norm"))).isEqualTo(2 * 16 + 8);
        assertThat(trainable(lora.formatted("mlp"))).isEqualTo(2 * 16 + 2 * 3 * 8 * 16);
        assertThat(trainable(lora.formatted("embed_tokens"))).isEqualTo(2 * 16 + 800);
    }

    @Test
    void targetsInsideASavedModuleAreLeftAlone() {
        assertThat(trainable("{\"peft_type\": \"LORA\", \"r\": 1, \"target_modules\": [\"q_proj\", \"up_proj\"],"
                        + " \"modules_to_save\": [\"mlp\"]}"))
                .isEqualTo(2 * 16 + 2 * 3 * 8 * 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"target_modules\": [\"q_proj\", \"nonsense\"]",
                "\"target_modules\": [\"q_proj\"], \"modules_to_save\": [\"nonsense\"]",
                "\"target_modules\": [\"q_proj\"], \"exclude_modules\": [\"nonsense\"]",
                "\"target_modules\": [\"q_proj\"], \"rank_pattern\": {\"nonsense\": 4}",
                "\"target_modules\": [\"q_proj\"], \"target_parameters\": [\"nonsense\"]",
                "\"target_modules\": [\"q_proj\"], \"trainable_token_indices\": {\"nonsense\": [1]}",
            })
    void aNameThatMatchesNothingIsNamed(String fields) {
        assertThatThrownBy(() -> trainable("{\"peft_type\": \"LORA\", " + fields + "}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("naming \"nonsense\"");
    }

    @Test
    void aLayerThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> trainable(
                        "{\"peft_type\": \"LORA\", \"target_modules\": [\"q_proj\"], \"layers_to_transform\": [1, 7]}"))
                .hasMessageContaining("layers_to_transform is naming \"7\"");
    }

    @Test
    void expertsOfTheOldNamesAreTheFusedParameters() {
        ModelDescription mixtral = ModelDescription.parse("""
                {"model_type": "mixtral", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
                 "num_key_value_heads": 2, "intermediate_size": 72, "vocab_size": 200, "num_local_experts": 4,
                 "num_experts_per_tok": 2, "tie_word_embeddings": false}
                """.getBytes(StandardCharsets.UTF_8), "config.json");
        long attention = 8 * (128 + 96 + 96 + 128);
        long router = 8 * (64 + 4);
        long experts = 4 * 16 * (64 + 144) + 4 * 8 * (72 + 64);

        assertThat(trainable(mixtral, "{\"peft_type\": \"LORA\", \"target_modules\": \"all-linear\"}"))
                .isEqualTo(2 * (attention + router + experts))
                .isEqualTo(43_584);
        assertThat(trainable(mixtral, "{\"peft_type\": \"LORA\", \"target_modules\": [\"w1\", \"w2\", \"w3\"]}"))
                .isEqualTo(2 * experts);
        assertThat(trainable(mixtral, "{\"peft_type\": \"LORA\", \"target_modules\": \".*experts.w2\"}"))
                .isEqualTo(2 * 4 * 8 * (72 + 64));
        assertThatThrownBy(() -> trainable(mixtral, "{\"peft_type\": \"LORA\", \"target_modules\": [\"w1\"]}"))
                .hasMessageContaining("naming only one of [w1, w3]");
    }

    @Test
    void tokensThatTrainAreRowsOfTheTable() {
        String lora =
                "{\"peft_type\": \"LORA\", \"r\": 1, \"target_modules\": [\"q_proj\"], \"trainable_token_indices\": %s}";

        assertThat(trainable(lora.formatted("[5, 6, 7]"))).isEqualTo(2 * 16 + 3 * 8);
        assertThat(trainable(lora.formatted("{\"embed_tokens\": [5], \"lm_head\": [5, 6]}")))
                .isEqualTo(2 * 16 + 8 + 2 * 8);
        assertThat(trainable(llama(", \"tie_word_embeddings\": true"), lora.formatted("[5, 6, 7]")))
                .isEqualTo(2 * 16 + 3 * 8);
    }

    @Test
    void aVariantThatIsNotDescribedIsRefused() {
        assertThatThrownBy(
                        () -> trainable(
                                "{\"peft_type\": \"LORA\", \"target_modules\": [\"q_proj\"], \"arrow_config\": {\"top_k\": 2}}"))
                .hasMessageContaining("$.arrow_config is stated, must be absent");
    }

    @Test
    void fieldsThatAreNotKnownAreSaid() {
        assertThat(adapter("{\"peft_type\": \"LORA\", \"use_something_new\": true, \"revision\": \"x\"}")
                        .warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).startsWith("1 stated field(s) are not known"));
    }

    @Test
    void aRankOfTwoToThe31IsRefused() {
        assertThatThrownBy(() -> trainable("{\"peft_type\": \"LORA\", \"r\": 2147483647}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("$.r is 2147483647");
    }
}
