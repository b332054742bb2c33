package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.ParameterCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDescriptionTest {

    private static final String SIZES =
            "\"hidden_size\": 64, \"num_hidden_layers\": 4, \"num_attention_heads\": 4, \"vocab_size\": 100";

    private static ModelDescription parse(String json) {
        return ModelDescription.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
    }

    private static ModelDescription sized(String more) {
        return parse("{" + SIZES + ", " + more + "}");
    }

    private static Reach reach(ModelDescription model, int layer) {
        var attention = (DotProductAttention) model.architecture()
                .main()
                .blocks()
                .get(layer)
                .subLayers()
                .get(0)
                .mixer();
        return attention.reach();
    }

    /** Counts of models that transformers 5.18 builds from its classes' defaults. */
    @ParameterizedTest
    @CsvSource({
        "llama, 6738415616",
        "gpt2, 124439808",
        "gptj, 6050882784",
        "gpt_neox, 20554567680",
        "bloom, 16156544",
        "opt, 125239296",
        "falcon, 6921720704",
        "mpt, 1311213568",
        "cohere, 34980831232",
        "olmo2, 6888624128",
        "olmoe, 13361612800",
        "phi3, 3821079552",
        "phimoe, 41872793600",
        "gpt_oss, 116829156672",
        "deepseek_v3, 671026404352",
        "glm4_moe, 103481200640",
        "llama4_text, 107769861120",
        "minimax, 47373946880",
        "qwen2_moe, 14315784192",
        "qwen3_moe, 15350731776",
        "qwen3_next, 79674391296",
        "gemma3_text, 2628658432",
        "t5, 60506624",
        "bert, 109514298",
        "vit, 85800194",
        "whisper, 37760640",
        "mamba, 159308544",
        "mamba2, 7285403648",
        "jamba, 51570323328"
    })
    void aDescriptionThatStatesNothingIsTheFamilysBaseModel(String type, long total) {
        ModelDescription model = parse("{\"model_type\": \"" + type + "\"}");

        assertThat(ParameterCount.of(model.architecture()).total()).isEqualTo(total);
        assertThat(model.warnings()).extracting(DescriptionWarning::code).contains(Code.DEFAULTS_USED);
    }

    @Test
    void absentAndNullAreNotTheSame() {
        assertThat(reach(sized("\"model_type\": \"mistral\", \"num_key_value_heads\": 4"), 0))
                .isEqualTo(Reach.window(4096));
        assertThat(reach(sized("\"model_type\": \"mistral\", \"num_key_value_heads\": 4, \"sliding_window\": null"), 0))
                .isEqualTo(Reach.CAUSAL);
    }

    @Test
    void layerTypesOverruleThePattern() {
        String window = "\"model_type\": \"gemma2\", \"num_key_value_heads\": 4, \"sliding_window\": 7";

        assertThat(reach(sized(window), 0)).isEqualTo(Reach.window(7));
        assertThat(reach(sized(window), 1)).isEqualTo(Reach.CAUSAL);
        assertThat(reach(
                        sized(window + ", \"layer_types\": [\"full_attention\", \"sliding_attention\","
                                + " \"full_attention\", \"full_attention\"]"),
                        0))
                .isEqualTo(Reach.CAUSAL);
    }

    @Test
    void theLanguageModelInsideAMultimodalOneIsRead() {
        ModelDescription model = parse("""
                {"model_type": "gemma3", "vision_config": {"hidden_size": 1152},
                 "text_config": {"hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34,
                 "sliding_window": 1024}}
                """);

        assertThat(model.family()).isEqualTo("gemma3_text");
        assertThat(ParameterCount.of(model.architecture()).total()).isEqualTo(3_880_263_168L);
        assertThat(model.warnings()).extracting(DescriptionWarning::code).contains(Code.PART_OF_MODEL);
    }

    @ParameterizedTest
    @CsvSource({"my_llama_fork, llama", "Qwen2.5-custom, qwen2", "somebody_new, llama"})
    void anUnknownTypeWhoseEveryFieldIsUnderstoodIsReadAsTheFamilyItLooksLike(String type, String family) {
        ModelDescription model = sized("\"rms_norm_eps\": 1e-5, \"intermediate_size\": 128, \"num_key_value_heads\": 2,"
                + " \"use_sliding_window\": false, \"model_type\": \"" + type + "\"");

        assertThat(model.family()).isEqualTo(family);
        assertThat(model.modelType()).isEqualTo(type);
        assertThat(model.warnings())
                .filteredOn(warning -> warning.code() == Code.FAMILY_GUESSED)
                .singleElement()
                .satisfies(
                        warning -> assertThat(warning.message()).contains(type).contains(family));
    }

    @ParameterizedTest
    @CsvSource({
        "memory_slots, 16",
        "head_mixing, true",
        "layer_schedule, '[1, 2, 1, 1]'",
        "hidden_act, '\"relu2\"'",
    })
    void anUnknownTypeWithAFieldThatIsNotUnderstoodIsRefused(String field, String value) {
        assertThatThrownBy(() -> sized("\"rms_norm_eps\": 1e-5, \"intermediate_size\": 128, \"num_key_value_heads\": 2,"
                        + " \"model_type\": \"my_llama_fork\", \"" + field + "\": " + value))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("not understood: " + field)
                .hasMessageContaining("6 x active to 6 x total");
    }

    @Test
    void anUnknownTypeWithoutASizeIsRefusedAndTheSizeNamed() {
        assertThatThrownBy(() -> parse("""
                        {"model_type": "my_llama_fork", "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4,
                         "vocab_size": 100, "rms_norm_eps": 1e-5}
                        """))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("model_type my_llama_fork is unknown")
                .hasMessageContaining("$.intermediate_size is absent");
    }

    @Test
    void aKnownFamilyWarnsOfFieldsThatNothingReads() {
        ModelDescription model = sized("\"model_type\": \"llama\", \"intermediate_size\": 128, \"memory_slots\": 16,"
                + " \"attention_dropout\": 0.1, \"bos_token_id\": 7, \"nothing\": null, \"off\": false");

        assertThat(model.warnings())
                .filteredOn(warning -> warning.code() == Code.FIELDS_UNREAD)
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning.message()).contains("memory_slots").doesNotContain("dropout"));
    }

    @Test
    void windowsOfGemma3ReachToBothSidesWhereTheDescriptionSaysSo() {
        String gemma = """
                {"model_type": "gemma3_text", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
                 "num_key_value_heads": 2, "head_dim": 16, "intermediate_size": 128, "vocab_size": 100, "sliding_window": %s,
                 "layer_types": ["sliding_attention", "full_attention"], "use_bidirectional_attention": true %s}
                """;

        assertThat(reaches(parse(gemma.formatted(20, "")))).containsExactly(Reach.near(10), Reach.BIDIRECTIONAL);
        // A file that release 5 wrote holds the halved window already.
        assertThat(reaches(parse(gemma.formatted(11, ", \"transformers_version\": \"5.18.0\""))))
                .containsExactly(Reach.near(10), Reach.BIDIRECTIONAL);
    }

    private static List<Reach> reaches(ModelDescription model) {
        return model.architecture().operations().stream()
                .map(Operation::kind)
                .filter(Operation.Core.class::isInstance)
                .map(kind -> ((Operation.Core) kind).reach())
                .toList();
    }

    @Test
    void anUnknownMixtureOfExpertsIsNeverReadAsDense() {
        ModelDescription model = sized("\"rms_norm_eps\": 1e-5, \"intermediate_size\": 128, \"num_key_value_heads\": 4,"
                + " \"model_type\": \"llama_moe\", \"num_experts\": 8, \"num_experts_per_tok\": 2");

        assertThat(ParameterCount.of(model.architecture()).routedExperts()).isPositive();
    }

    @Test
    void filesOfDeepSeeksInferenceCodeAreRecognised() {
        ModelDescription model = parse("""
                {"vocab_size": 100, "dim": 64, "inter_dim": 128, "moe_inter_dim": 32, "n_layers": 3, "n_dense_layers": 1,
                 "n_heads": 4, "n_routed_experts": 8, "n_shared_experts": 1, "n_activated_experts": 2, "q_lora_rank": 0,
                 "kv_lora_rank": 16, "qk_nope_head_dim": 8, "qk_rope_head_dim": 4, "v_head_dim": 8}
                """);

        assertThat(model.family()).isEqualTo("deepseek_v3");
        assertThat(ParameterCount.of(model.architecture()).routedExperts()).isEqualTo(2 * 8 * 3 * 64 * 32);
    }

    @Test
    void quantisedWeightsCountAsLogicalOnes() {
        String llama = "\"model_type\": \"llama\", \"intermediate_size\": 128";
        ModelDescription quantised =
                sized(llama + ", \"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}");

        assertThat(quantised.weightBits()).hasValue(4);
        assertThat(ParameterCount.of(quantised.architecture()))
                .isEqualTo(ParameterCount.of(sized(llama).architecture()));
    }

    @Test
    void statedPredictionDepthsAreCountedOnlyWhenAskedFor() {
        ModelDescription model = parse("{\"model_type\": \"deepseek_v3\", \"num_nextn_predict_layers\": 1}");

        assertThat(ParameterCount.of(model.architecture()).total()).isEqualTo(671_026_404_352L);
        // One more expert layer, a projection 2h x h and three norms.
        assertThat(ParameterCount.of(model.architectureWithPrediction()).total())
                .isEqualTo(671_026_404_352L + 11_610_067_968L);
    }

    @Test
    void pythonsInfinityAndAByteOrderMarkAreRead() {
        assertThat(parse("\uFEFF{\"model_type\": \"mamba2\", \"time_step_limit\": [0.0, Infinity]}")
                        .family())
                .isEqualTo("mamba2");
    }
}
