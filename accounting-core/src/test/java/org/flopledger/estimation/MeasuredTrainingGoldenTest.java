package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.flopledger.model.Architecture;
import org.flopledger.model.DescribedModels;
import org.flopledger.model.LowRank;
import org.flopledger.model.Oracles;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftTechnique;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Training variants that a FLOP counter measured on one small Llama, and adapters at scale. */
class MeasuredTrainingGoldenTest {

    private static final PeftMethod ALL_LINEAR =
            PeftMethod.lora(8).targets(LowRank.ALL_LINEAR).build();

    private static final Map<String, TrainingSetting> SETTINGS = Map.ofEntries(
            Map.entry("full training", TrainingSetting.FULL),
            Map.entry("forward only, no_grad", TrainingSetting.FORWARD_ONLY),
            Map.entry(
                    "full training + checkpoint every layer (non-reentrant, early stop)",
                    TrainingSetting.FULL.with(TrainingSetting.Recomputation.FULL)),
            Map.entry(
                    "full training + checkpoint every layer (reentrant)",
                    TrainingSetting.FULL.with(TrainingSetting.Recomputation.FULL_REENTRANT)),
            Map.entry("input embedding frozen", peft(new PeftMethod.FrozenLayers(Set.of(), true, false))),
            Map.entry(
                    "last 2 of 3 layers frozen (embedding + layer 0 + head trained)",
                    peft(new PeftMethod.FrozenLayers(Set.of(1, 2), false, false))),
            Map.entry("linear probe: only lm_head trained", peft(new PeftMethod.LinearProbe())),
            Map.entry("only norm weights trained", peft(new PeftMethod.NormOnly())),
            Map.entry(
                    "LoRA r=8 q,v",
                    peft(PeftMethod.lora(8).targets("q_proj", "v_proj").build())),
            Map.entry("LoRA r=8 all linear", peft(ALL_LINEAR)),
            Map.entry(
                    "LoRA r=8 all linear + input_require_grads",
                    peft(ALL_LINEAR).withInputGradient()),
            Map.entry(
                    // transformers turns the input gradient on with checkpointing of adapted models.
                    "LoRA r=8 all linear + checkpoint (non-reentrant)",
                    peft(ALL_LINEAR).withInputGradient().with(TrainingSetting.Recomputation.FULL)),
            Map.entry(
                    "LoRA r=8 all linear + modules_to_save lm_head",
                    peft(PeftMethod.lora(8)
                            .targets(LowRank.ALL_LINEAR)
                            .modulesToSave("lm_head")
                            .build())),
            Map.entry("LoRA r=8 all linear, forward only", peft(ALL_LINEAR).with(TrainingSetting.Pass.FORWARD_ONLY)),
            Map.entry("LoRA merged, forward only", TrainingSetting.FORWARD_ONLY),
            Map.entry(
                    "DoRA r=8 all linear",
                    peft(PeftMethod.lora(8)
                            .technique(PeftTechnique.DORA)
                            .targets(LowRank.ALL_LINEAR)
                            .build())),
            Map.entry(
                    "rsLoRA r=8 all linear",
                    peft(PeftMethod.lora(8)
                            .technique(PeftTechnique.RS_LORA)
                            .targets(LowRank.ALL_LINEAR)
                            .build())),
            Map.entry(
                    "IA3 k,v,down",
                    peft(new PeftMethod.Ia3(Set.of("k_proj", "v_proj", "down_proj"), Set.of("down_proj")))),
            Map.entry("prompt tuning 8 virtual tokens", peft(new PeftMethod.PromptTuning(8))));

    private static TrainingSetting peft(PeftMethod method) {
        return TrainingSetting.FULL.with(method);
    }

    @TestFactory
    Stream<DynamicTest> everyVariantCostsWhatWasMeasured() {
        JsonNode variants = Oracles.read("flops_measured.json").get("training_variants");
        return Oracles.elements(variants.get("rows")).stream()
                .filter(row -> SETTINGS.containsKey(row.get("case").asText()))
                .map(row -> dynamicTest(row.get("case").asText(), () -> compare(row)));
    }

    @Test
    void noVariantWithAClosedFormIsLeftOut() {
        JsonNode variants = Oracles.read("flops_measured.json").get("training_variants");

        assertThat(Oracles.elements(variants.get("rows")))
                .filteredOn(row -> row.has("closed_form_backward"))
                .extracting(row -> row.get("case").asText())
                .allMatch(SETTINGS::containsKey);
    }

    private static void compare(JsonNode row) {
        TrainingSetting setting = SETTINGS.get(row.get("case").asText());
        Architecture architecture = DescribedModels.of("llama", "llama", row.get("config"));
        long sequences = row.get("batch").asLong();
        long length = row.get("seq").asLong();

        StepEstimate estimate =
                FlopEstimator.of(architecture, setting).estimate(Batch.of(sequences, length), Convention.FULL_SQUARE);

        // The counter also sees the product of rotary frequencies and positions: half a head for each position, in 3
        // layers.
        long positions = length + setting.method().virtualTokens();
        long rotary = sequences * positions * 16;
        assertThat(estimate.forward().plus(FlopCount.of(rotary)))
                .hasToString(row.get("forward_flops").asText());
        assertThat(estimate.executed().plus(FlopCount.of(rotary)))
                .hasToString(row.get("total_flops").asText());
        if (row.has("closed_form_backward")) {
            assertThat(estimate.backward())
                    .hasToString(row.get("closed_form_backward").asText());
        }
        if (!row.get("case").asText().startsWith("LoRA merged")) {
            ParameterCount count = ParameterCount.of(architecture, setting.method());
            assertThat(count.total()).isEqualTo(row.get("params_total").asLong());
            assertThat(count.trainable()).isEqualTo(row.get("params_trainable").asLong());
        }
    }

    @Test
    void adaptersOnLatentAttentionCostWhatWasMeasured() {
        JsonNode row =
                Oracles.elements(Oracles.read("flops_measured.json")
                                .get("training_variants")
                                .get("rows"))
                        .stream()
                        .filter(candidate -> candidate.get("case").asText().contains("MLA q_lora 64"))
                        .findFirst()
                        .orElseThrow();
        PeftMethod lora = PeftMethod.lora(8)
                .targets("q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj", "o_proj")
                .build();
        Architecture architecture = DescribedModels.of("deepseek", "deepseek_v3", row.get("config"));

        StepEstimate estimate =
                FlopEstimator.of(architecture, peft(lora)).estimate(Batch.of(2, 96), Convention.FULL_SQUARE);

        assertThat(ParameterCount.of(architecture, lora).trainable())
                .isEqualTo(row.get("params_trainable").asLong());
        // Rotary: 8 frequencies for each of 2 x 96 positions.
        assertThat(estimate.forward().plus(FlopCount.of(1536)))
                .hasToString(row.get("forward_flops").asText());
        assertThat(estimate.model().plus(FlopCount.of(1536)))
                .hasToString(row.get("total_flops").asText());
    }

    @Test
    void aDecodingStepCostsWhatOneMoreTokenAddsToACausalForwardPass() {
        JsonNode row =
                Oracles.elements(Oracles.read("flops_measured.json")
                                .get("training_variants")
                                .get("rows"))
                        .stream()
                        .filter(candidate -> candidate.has("decode_step_flops"))
                        .findFirst()
                        .orElseThrow();
        JsonNode config = Oracles.read("flops_measured.json")
                .get("training_variants")
                .get("rows")
                .get(0)
                .get("config");
        var estimator = FlopEstimator.of(DescribedModels.of("llama", "llama", config), TrainingSetting.FORWARD_ONLY);
        for (int step = 0; step < row.get("decode_step_flops").size(); step++) {
            FlopCount longer = estimator.estimate(Batch.of(2, 97 + step)).model();
            FlopCount shorter = estimator.estimate(Batch.of(2, 96 + step)).model();
            // Rotary: 16 frequencies for each of 2 positions.
            assertThat(longer.minus(shorter).plus(FlopCount.of(32)))
                    .hasToString(row.get("decode_step_flops").get(step).asText());
        }
    }

    @TestFactory
    Stream<DynamicTest> adaptersAtScaleCostTheClosedForm() {
        JsonNode oracle = Oracles.read("flops_measured.json").get("closed_form_lora_at_scale");
        return Oracles.elements(oracle).stream()
                .map(row -> dynamicTest(
                        row.get("model").asText() + " " + row.get("case").asText(), () -> compareAtScale(row)));
    }

    private static void compareAtScale(JsonNode row) {
        StepEstimate estimate = FlopEstimator.of(
                        modelNamed(row.get("model").asText()),
                        atScale(row.get("case").asText()))
                .estimate(Batch.of(row.get("batch").asLong(), row.get("seq").asLong()));

        assertThat(estimate.forward()).hasToString(row.get("forward").asText());
        assertThat(estimate.backward()).hasToString(row.get("backward").asText());
        assertThat(estimate.model()).hasToString(row.get("total").asText());
    }

    private static TrainingSetting atScale(String variant) {
        if (variant.equals("full")) {
            return TrainingSetting.FULL;
        }
        long rank = Long.parseLong(variant.replaceAll(".*r=(\\d+).*", "$1"));
        String[] targets = variant.contains("q,v")
                ? new String[] {"q_proj", "v_proj"}
                : new String[] {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};
        TrainingSetting setting = peft(PeftMethod.lora(rank).targets(targets).build());
        return variant.endsWith("input_require_grads") ? setting.withInputGradient() : setting;
    }

    private static Architecture modelNamed(String name) {
        String known = name.equals("Llama 3 70B") ? "Llama 2 70B" : name;
        JsonNode model = Oracles.elements(Oracles.read("params.json").get("models")).stream()
                .filter(candidate -> candidate.get("model").asText().equals(known))
                .findFirst()
                .orElseThrow();
        JsonNode config = model.get("transformers_config");
        if (!known.equals(name)) {
            // Llama 3 70B has the shape of Llama 2 70B and a larger vocabulary.
            config = ((ObjectNode) config.deepCopy()).put("vocab_size", 128_256);
        }
        return DescribedModels.of(name, config.get("model_type").asText(), config);
    }
}
