package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.model.ParameterCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that adapters name modules by: Python's meaning or a refusal, and never more time than the file is worth. */
class AdapterPatternsTest {

    private static final ModelDescription LLAMA =
            ModelDescription.parse("""
            {"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 12, "num_attention_heads": 2,
             "intermediate_size": 16, "vocab_size": 100}
            """.getBytes(StandardCharsets.UTF_8), "config.json");

    private static long trainable(String fields) {
        var adapter = AdapterDescription.parse(
                ("{\"peft_type\": \"LORA\", \"r\": 1, " + fields + "}").getBytes(StandardCharsets.UTF_8),
                "adapter_config.json");
        return ParameterCount.of(LLAMA.architecture(), adapter.methodFor(LLAMA)).trainable();
    }

    private static long modulesOf(String expression) {
        return trainable("\"target_modules\": \"" + expression.replace("\\", "\\\\") + "\"") / 16;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                ".*q_proj~12",
                ".*\\.(q|k)_proj~24",
                ".*layers\\.[0-9]\\..*q_proj~10",
                ".*layers\\.1[01]?\\.self_attn\\.q_proj~3",
                ".*layers\\.\\d{2}\\.self_attn\\.q_proj~2",
                "(?i).*Q_PROJ~12",
                "(?:model\\.)+layers\\.3\\.self_attn\\.[qk]_proj~2",
                "model.layers.(?P<index>0|1).self_attn.q_proj~2",
                ".*layers\\.[^]0]\\..*q_proj~9",
            })
    void anExpressionMatchesTheWholePathAsInPython(String expression, long modules) {
        assertThat(modulesOf(expression)).isEqualTo(modules);
    }

    /** Look-around, references, conditions, and words that Python and RE2 read differently. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=.*q_proj).*",
                ".*(?<!k)_proj",
                ".*(q|k)\\1_proj",
                "(a)?(?(1)b|.*q_proj)",
                "(?>.*)q_proj",
                ".*q_proj{,2}",
                ".*\\Qq_proj\\E",
                ".*\\pLroj",
                ".*[[:alpha:]]_proj",
                ".*[a-z&&q]_proj",
                "(?U).*q_proj",
                "((.{1000}){1000}){1000}",
                "(q_proj",
                "*",
            })
    void anExpressionThatCouldMeanSomethingElseIsRefused(String expression) {
        assertThatThrownBy(() -> modulesOf(expression))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("$.target_modules is");
    }

    @Test
    void theFirstPatternThatFitsGivesTheRank() {
        assertThat(
                        trainable(
                                "\"target_modules\": [\"q_proj\"], \"rank_pattern\":"
                                        + " {\"layers\\\\.[0-4]\\\\..*\": 3, \"layers.4.self_attn.q_proj\": 50, \"layers.5.self_attn.q_proj\": 7}"))
                .isEqualTo(16 * (5 * 3 + 7 + 6));
    }

    @Test
    void aDotInAPlainNameIsAnyCharacterAsInPeft() {
        assertThat(trainable("\"target_modules\": [\"q_proj\"], \"rank_pattern\": {\"self.attn.q_proj\": 3}"))
                .isEqualTo(16 * 12 * 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"((.*)*)*x", "(a|aa)+$", "(.*a){20}", "((((.*)*)*)*)*y"})
    void nestedRepetitionEndsInTime(String expression) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> trainable(
                                "\"target_modules\": [\"q_proj\"], \"rank_pattern\": {\"" + expression + "\": 4}"))
                        .isInstanceOf(DescriptionException.class)
                        .hasMessageContaining("rank_pattern"));
    }

    @Test
    void fiftyThousandNamesAreReadInTime() {
        String names = IntStream.range(0, 50_000)
                .mapToObj(i -> "\"layers." + (i % 12) + ".self_attn.q_proj" + (i < 12 ? "" : "_" + i) + "\": 2")
                .collect(Collectors.joining(", "));

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(
                                () -> trainable("\"target_modules\": [\"q_proj\"], \"rank_pattern\": {" + names + "}"))
                        .hasMessageContaining("rank_pattern is naming \"layers.0.self_attn.q_proj_12\""));
    }

    @Test
    void fiftyThousandExpressionsAreReadOrRefusedInTime() {
        String names = IntStream.range(0, 50_000)
                .mapToObj(i -> "\"layers\\\\.(" + i + "|x)\\\\..*_proj\": 2")
                .collect(Collectors.joining(", "));

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(
                                () -> trainable("\"target_modules\": [\"q_proj\"], \"rank_pattern\": {" + names + "}"))
                        .isInstanceOf(DescriptionException.class));
    }
}
