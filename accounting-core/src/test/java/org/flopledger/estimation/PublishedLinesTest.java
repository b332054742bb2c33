package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.flopledger.estimation.PublishedModels.Run;
import org.flopledger.model.Oracles;
import org.junit.jupiter.api.Test;

/**
 * Every published total lies on the line of a convention: the section of {@code docs/published-totals.md} says which one and
 * what is left. Run with {@code -Dflopledger.write=true} to renew it.
 */
class PublishedLinesTest {

    private static final Path FILE = Path.of("docs", "published-totals.md");
    private static final String HEADING = "## The line of each claim\n";

    /** Claims that no known convention reaches within three percent. */
    private static final Set<String> UNEXPLAINED = Set.of("Snowflake Arctic", "GPT-4");

    private static final double NOTEWORTHY = 0.03;

    /** A convention and its figure in FLOP. */
    private record Line(String convention, double flop) {}

    @Test
    void everyClaimLiesOnTheLineOfItsConvention() throws IOException {
        String section = section();
        String text = Files.readString(FILE);
        if (Boolean.getBoolean("flopledger.write")) {
            int start = text.contains(HEADING) ? text.indexOf(HEADING) : text.length();
            text = text.substring(0, start).stripTrailing() + "\n\n" + section;
            Files.writeString(FILE, text);
        }

        assertThat(text).endsWith(section);
    }

    private static String section() {
        var text = new StringBuilder(HEADING)
                .append('\n')
                .append(
                        "Claims beside the figure of the convention that they follow, from the stated parameters and tokens; left:")
                .append(
                        " claim over\nfigure, less 1. Where a source does not say how it counted (Gopher, and utilisations that third parties")
                .append(" assumed),\nthe convention is the nearest one. Written by `PublishedLinesTest`.\n\n")
                .append("| Model | Convention | Figure | Claim | Left |\n|---|---|---|---|---|\n");
        for (JsonNode row : Oracles.elements(Oracles.read("published.json").get("models"))) {
            String name = row.get("model").asText();
            if (row.get("claimed_training_flop").isNull()) {
                continue;
            }
            Line line = line(name, row);
            double claim = row.get("claimed_training_flop").asDouble();
            double left = claim / line.flop() - 1;
            assertThat(Math.abs(left) > NOTEWORTHY)
                    .as("%s: %s left of %s", name, left, line)
                    .isEqualTo(UNEXPLAINED.contains(name));
            text.append("| ")
                    .append(String.join(
                            " | ",
                            name,
                            line.convention() + (UNEXPLAINED.contains(name) ? "; the rest is not explained" : ""),
                            String.format(Locale.ROOT, "%.3e", line.flop()).replace("e+", "e"),
                            Double.toString(claim).replace("E", "e"),
                            percent(left)))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String percent(double ratio) {
        return new BigDecimal(100 * ratio).setScale(1, RoundingMode.HALF_UP) + " %";
    }

    /** Utilisations are those that the sources state; where they state none, the 40 % that third parties assume. */
    private static Line line(String name, JsonNode row) {
        double product = parameters(row) * row.get("tokens").asDouble();
        double sixNd = 6 * product;
        Run run = PublishedModels.runs().get(name);
        return switch (name) {
            case "T5-11B" -> new Line("3 N D: a token passes half of the weights", 3 * product);
            case "Gopher 280B", "OPT-175B" -> new Line("executed: exact with full recomputation", executed(run));
            case "Chinchilla 70B" -> new Line("full square", estimate(run, Convention.FULL_SQUARE));
            case "Nemotron-4 340B" ->
                new Line("6 N D without embeddings", estimate(run, Convention.SIX_ND_WITHOUT_EMBEDDINGS));
            case "BLOOM 176B" -> new Line("device-hours at 30 %", hours(1_082_990, 312, 0.30));
            case "GPT-NeoX-20B" -> new Line("device-hours at 40 %", hours(207_360, 312, 0.40));
            case "GPT-4" -> new Line("device-hours at 34 %", hours(57e6, 312, 0.34));
            case "GLM-130B" ->
                new Line(
                        "geometric mean of 6 N D and device-hours at 32.5 %",
                        Math.sqrt(sixNd * hours(768 * 24 * 60, 312, 0.325)));
            case "Llama 2 70B" ->
                new Line(
                        "geometric mean of 6 N D and device-hours at 40 %",
                        Math.sqrt(sixNd * hours(1_720_320, 312, 0.40)));
            case "Llama 3 70B" ->
                new Line(
                        "geometric mean of 6 N D and device-hours at 41 %", Math.sqrt(sixNd * hours(6.4e6, 989, 0.41)));
            case "Phi-3.5-MoE" ->
                new Line("mean of 6 N D and device-hours at 40 %", (sixNd + hours(512 * 24 * 23, 989, 0.40)) / 2);
            case "DeepSeek-V3" ->
                new Line(
                        "6 N D, and as much more as all device-hours exceed those of pre-training",
                        sixNd * 2788 / 2664);
            case "Hunyuan-Large" ->
                new Line(
                        "9.59 N D + 2.3e8 D, its own",
                        9.59 * product + 2.3e8 * row.get("tokens").asDouble());
            default -> new Line("6 N D", sixNd);
        };
    }

    private static double parameters(JsonNode row) {
        JsonNode active = row.get("active_params");
        return (active.isNull() ? row.get("params") : active).asDouble();
    }

    private static double hours(double deviceHours, double teraFlopPerSecond, double utilisation) {
        return deviceHours * 3600 * teraFlopPerSecond * 1e12 * utilisation;
    }

    private static double estimate(Run run, Convention convention) {
        return FlopEstimator.of(run.architecture(), TrainingSetting.FULL)
                .estimate(run.batch(), convention)
                .model()
                .toDouble();
    }

    private static double executed(Run run) {
        return FlopEstimator.of(
                        run.architecture(), TrainingSetting.FULL.with(TrainingSetting.Recomputation.FULL_REENTRANT))
                .estimate(run.batch())
                .executed()
                .toDouble();
    }
}
