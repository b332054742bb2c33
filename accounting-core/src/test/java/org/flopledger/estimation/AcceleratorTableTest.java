package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceleratorTableTest {

    private static final String ONE = """
            {"version": "1", "accelerators": [{"id": "one", "name": "One", "densePeakTera": {"BF16": 100},
              "memoryGigabytes": 8, "memoryGigabytesPerSecond": 900, "powerWatts": null,
              "interconnectGigabytesPerSecond": null, "dieSquareMillimetres": 400, "aliases": ["Uno"],
              "source": "data sheet"}]}
            """;

    private final AcceleratorTable table = AcceleratorTable.standard();

    // BIS's own example and the chips of the export rules: 2 x MacTOPS x bit length.
    @ParameterizedTest
    @CsvSource({"a100-sxm-80gb, 4992", "h100-sxm, 15832", "b200-sxm, 36000", "l40s, 5864", "mi250x, 6128"})
    void totalProcessingPerformanceIsThatOfTheExportRules(String id, double expected) {
        assertThat(accelerator(id).totalProcessingPerformance()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "NVIDIA H100-SXM5-80GB, h100-sxm",
        "NVIDIA H100 80GB HBM3, h100-sxm",
        "NVIDIA H100 PCIe, h100-pcie",
        "NVIDIA A100-SXM4-80GB (400W TDP), a100-sxm-80gb",
        "NVIDIA Blackwell GPU (GB200), gb200",
        "NVIDIA Blackwell GPU (B200-SXM-180GB), b200-sxm",
        "NVIDIA Blackwell Ultra GPU (GB300), gb300",
        "AMD Instinct MI325X 256GB HBM3e, mi325x",
        "AMD Instinct MI355X, mi355x",
        "Intel(R) Gaudi(R) 2 AI Accelerator, gaudi2",
        "Habana Gaudi2, gaudi2",
        "TPU-v5p, tpu-v5p",
        "Graphcore Bow IPU, bow"
    })
    void aNameIsFoundAsSystemFilesSpellIt(String name, String id) {
        assertThat(table.find(name)).map(Accelerator::id).contains(id);
    }

    @Test
    void everyAcceleratorOfRealSystemFilesIsFound() throws IOException {
        String shared = System.getProperty("flopledger.shared");
        assumeTrue(shared != null, "flopledger.shared is not set");
        Path systems = Path.of(shared, "corpus", "mlperf");
        assumeTrue(Files.isDirectory(systems), "no system files at " + systems);
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(systems)) {
            for (Path file : files.filter(path -> path.toString().contains("systems")
                            && path.toString().endsWith(".json"))
                    .toList()) {
                String name = new ObjectMapper()
                        .readTree(file.toFile())
                        .path("accelerator_model_name")
                        .asText();
                if (!name.isBlank()) {
                    names.add(name);
                }
            }
        }

        assertThat(names)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(table.find(name)).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"H100", "NVIDIA A100", "abacus"})
    void aNameThatLeavesTheVariantOpenIsNotFound(String name) {
        assertThat(table.find(name)).isEmpty();
    }

    @Test
    void everyAcceleratorNamesItsSourceAndAFormatOfSixteenBits() {
        assertThat(table.accelerators()).allSatisfy(accelerator -> {
            assertThat(accelerator.source()).isNotBlank();
            assertThat(accelerator.highestPeak())
                    .isGreaterThanOrEqualTo(
                            accelerator.densePeak(sixteen(accelerator)).orElseThrow());
        });
    }

    private static NumericFormat sixteen(Accelerator accelerator) {
        return accelerator.densePeak(NumericFormat.BF16).isPresent() ? NumericFormat.BF16 : NumericFormat.FP16;
    }

    // Both directions together: Google documents them so for the TPUs from v5e on, six and eight links of 100 GB/s for
    // AMD's.
    @ParameterizedTest
    @CsvSource({
        "tpu-v5e, 400",
        "tpu-v5p, 1200",
        "tpu-v6e, 800",
        "tpu-v7, 1200",
        "mi250, 600",
        "mi250x, 800",
        "rx-7900-xtx, 64",
        "a800-sxm, 400",
        "h100-sxm, 900"
    })
    void interconnectsCountBothDirections(String id, double expected) {
        assertThat(accelerator(id).interconnectGigabytesPerSecond()).hasValue(expected);
    }

    // Engines of 256 x 256 multiply-adds at the clock that is shipped, to the maker's own rounding.
    @ParameterizedTest
    @CsvSource({"gaudi3, 8, 1.6", "gaudi2, 2, 1.65"})
    void peaksOfTheGaudisAreThoseOfTheirMatrixEngines(String id, long engines, double gigahertz) {
        double tera = engines * 256 * 256 * 2 * gigahertz / 1000;

        assertThat(accelerator(id).densePeak(NumericFormat.BF16).orElseThrow())
                .isBetween(FlopRate.ofTera(tera - 1), FlopRate.ofTera(tera + 1));
    }

    @Test
    void everyAcceleratorSaysWhichOfItsFiguresASecondSourceConfirmed() throws IOException {
        try (InputStream data = AcceleratorTable.class.getResourceAsStream("accelerators.json")) {
            for (JsonNode node : new ObjectMapper().readTree(data).get("accelerators")) {
                Set<String> figures = new HashSet<>();
                node.fieldNames().forEachRemaining(figures::add);
                node.get("densePeakTera").fieldNames().forEachRemaining(figures::add);
                assertThat(node.get("confirmed"))
                        .as(node.get("id").asText())
                        .allSatisfy(name -> assertThat(figures).contains(name.asText()));
                assertThat(node.get("confirmedBy").isEmpty())
                        .as("sources of " + node.get("id").asText())
                        .isEqualTo(node.get("confirmed").isEmpty());
            }
        }
    }

    @Test
    void performanceDensityNeedsADieArea() throws IOException {
        Accelerator one = parse(ONE).find("uno").orElseThrow();
        Accelerator open = parse(ONE.replace("400", "null")).find("One").orElseThrow();

        assertThat(one.densePeak(NumericFormat.BF16)).contains(FlopRate.ofTera(100));
        assertThat(one.densePeak(NumericFormat.FP8)).isEmpty();
        assertThat(one.performanceDensity()).isEqualTo(OptionalDouble.of(4));
        assertThat(open.performanceDensity()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"memoryGigabytes\": 8, | '' | memoryGigabytes of one is absent, must be present",
                "\"memoryGigabytes\": 8 | \"memoryGigabytes\": -8 | memoryGigabytes of one is -8, must be a number above 0",
                "BF16 | BF17 | densePeakTera of one names format BF17, must be one of",
                "{\"BF16\": 100} | {} | densePeakTera of one is empty, must name a format",
                "\"version\": \"1\", | '' | version of table is absent, must be present"
            })
    void badDataIsRefusedByNameAndField(String part, String replacement, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(ONE.replace(part, replacement)))
                .withMessageStartingWith(message);
    }

    @Test
    void textThatIsNoJsonIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("{"))
                .withMessageStartingWith("accelerator table is no JSON");
    }

    private Accelerator accelerator(String id) {
        return table.find(id).orElseThrow();
    }

    private static AcceleratorTable parse(String json) throws IOException {
        return AcceleratorTable.parse(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
