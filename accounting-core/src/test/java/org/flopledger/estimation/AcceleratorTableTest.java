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
        "Graphcore Bow IPU, bow",
        "NVIDIA A100-SXM4-80 GB, a100-sxm-80gb",
        "NVIDIA H100-SXM5-80GB (2x PCIe Gen5), h100-sxm",
        "NVIDIA H200-SXM-141GB-CTS, h200-sxm",
        "AMD Instinct MI300X 192 GB HBM3 OAM, mi300x",
        "8x NVIDIA L40S, l40s",
        "NVIDIA A10G, a10g",
        "Tesla V100S-PCIE-32GB, v100s-pcie",
        "NVIDIA GeForce RTX 3090 Ti, rtx-3090-ti",
        "NVIDIA GeForce RTX 3090, rtx-3090",
        "NVIDIA GeForce RTX 4090 D, rtx-4090-d",
        "GeForce RTX 4090D, rtx-4090-d",
        "NVIDIA RTX PRO 6000 Blackwell Workstation Edition, rtx-pro-6000",
        "NVIDIA RTX 6000 Ada Generation, rtx-6000-ada",
        "Intel(R) Data Center GPU Max 1550, max-1550",
        "AWS Trainium2, trainium2",
        "Ascend910B2, ascend-910b2"
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

    // The device kinds that JAX reports.
    @ParameterizedTest
    @CsvSource({
        "TPU v3, tpu-v3",
        "TPU v4, tpu-v4",
        "TPU v4 lite, tpu-v4i",
        "TPU v5 lite, tpu-v5e",
        "TPU v5e, tpu-v5e",
        "TPU v5, tpu-v5p",
        "TPU v5p, tpu-v5p",
        "TPU v6 lite, tpu-v6e",
        "TPU v6e, tpu-v6e",
        "TPU7x, tpu-v7"
    })
    void aTpuIsFoundByTheNameThatJaxGivesIt(String kind, String id) {
        assertThat(table.find(kind)).map(Accelerator::id).contains(id);
    }

    // Each of these got the peak of the chip whose name it contains.
    @ParameterizedTest
    @CsvSource({
        "NVIDIA A100-SXM4-80GB MIG 1g.10gb",
        "NVIDIA A100-SXM4-40GB MIG 1g.5gb",
        "NVIDIA GeForce RTX 4090 Laptop GPU",
        "NVIDIA GeForce RTX 4090 Ti",
        "NVIDIA GeForce RTX 3090 SUPER",
        "NVIDIA H800 PCIe",
        "NVIDIA H100 PCIe SXM",
        "NVIDIA GeForce RTX 5090 D",
        "NVIDIA RTX PRO 6000 Blackwell Server Edition",
        "NVIDIA A10-24Q",
        "NVIDIA GRID A100-PCIE-40GB",
        "NVIDIA GB200 Grace Blackwell Superchip",
        "NVIDIA H100-SXM5-80GB and NVIDIA H100 PCIe",
        "Ascend 910B",
        "AMD Instinct MI308X",
        "Cerebras CS-3"
    })
    void aNameThatContainsAnotherChipsIsRefusedWithTheReason(String name) {
        assertThat(table.find(name)).isEmpty();
        assertThat(table.refusal(name)).isPresent();
    }

    @Test
    void aRefusalSaysWhatMakesItAnotherDevice() {
        assertThat(table.refusal("RTX 4090 Super"))
                .hasValueSatisfying(why ->
                        assertThat(why).contains("NVIDIA GeForce RTX 4090").contains("'super'"));
        assertThat(table.refusal("H100 SXM")).isEmpty();
        assertThat(table.refusal("abacus")).isEmpty();
    }

    // FP16 and FP8 with FP32 accumulation run at half the rate on consumer cards (Ada whitepaper v2.1, appendix A).
    @ParameterizedTest
    @CsvSource({
        "rtx-4090, FP16, 165.2",
        "rtx-4090, BF16, 165.2",
        "rtx-4090, FP8, 330.3",
        "rtx-3090, FP16, 71",
        "rtx-5090, FP16, 209.5",
        "rtx-5090, FP8, 419",
        "rtx-5090, FP4, 1676"
    })
    void peaksOfConsumerCardsAccumulateIn32Bits(String id, NumericFormat format, double tera) {
        assertThat(accelerator(id).densePeak(format)).contains(FlopRate.ofTera(tera));
    }

    @ParameterizedTest
    @CsvSource({
        "h100-sxm, BF16, 989, FP8, 1979",
        "a100-sxm-80gb, BF16, 312, BF16, 312",
        "v100-sxm, FP16, 125, FP16, 125",
        "gb200, BF16, 2500, FP4, 10000",
        "mi355x, BF16, 2516.6, FP4, 10066.3",
        "gaudi3, BF16, 1678, FP8, 1678",
        "tpu-v5e, BF16, 197, BF16, 197"
    })
    void anUnknownFormatHasThePeaksFrom16BitsToTheNarrowest(
            String id, NumericFormat lowFormat, double low, NumericFormat highFormat, double high) {
        Accelerator.PeakRange range = accelerator(id).peakRange();

        assertThat(range)
                .isEqualTo(
                        new Accelerator.PeakRange(lowFormat, FlopRate.ofTera(low), highFormat, FlopRate.ofTera(high)));
        assertThat(range.isPoint()).isEqualTo(low == high);
    }

    @Test
    void aKnownFormatHasOnePeakOrNone() {
        assertThat(accelerator("h100-sxm").peakRange(NumericFormat.FP8)).hasValueSatisfying(range -> {
            assertThat(range.isPoint()).isTrue();
            assertThat(range.low()).isEqualTo(FlopRate.ofTera(1979));
        });
        assertThat(accelerator("a100-sxm-80gb").peakRange(NumericFormat.FP8)).isEmpty();
        assertThat(accelerator("max-1550").peakRange(NumericFormat.INT8)).isEmpty();
        assertThat(accelerator("max-1550").unreadFormats()).contains(NumericFormat.INT8);
    }

    @Test
    void aRangeRefusesExchangedEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Accelerator.PeakRange(
                        NumericFormat.FP8, FlopRate.ofTera(2), NumericFormat.BF16, FlopRate.ofTera(1)))
                .withMessageStartingWith("low is ");
    }

    // A chip of several dies, stacks or cores is as many devices to a framework; the peaks are those of the whole.
    @ParameterizedTest
    @CsvSource({"mi250x, 2", "tpu-v7, 2", "tpu-v4, 1", "max-1550, 2", "trainium2, 8", "h100-sxm, 1"})
    void aChipSaysHowManyDevicesAFrameworkCounts(String id, int devices) {
        assertThat(accelerator(id).frameworkDevices()).isEqualTo(devices);
    }

    @Test
    void everyListedChipIsThereOrRefusedWithAReason() {
        assertThat(List.of(
                        "trainium1",
                        "trainium2",
                        "trainium3",
                        "inferentia2",
                        "ascend-910b2",
                        "ascend-910c",
                        "rtx-5090",
                        "rtx-5080",
                        "rtx-pro-6000",
                        "a30",
                        "a10",
                        "a10g",
                        "v100s-pcie",
                        "max-1550",
                        "b100",
                        "gb300",
                        "mi350x",
                        "mi355x",
                        "tpu-v4",
                        "tpu-v7",
                        "groq-lpu-v1"))
                .allSatisfy(id -> assertThat(table.find(id)).isPresent());
        assertThat(List.of("AMD MI308X", "Cerebras WSE-3", "Ascend 910B"))
                .allSatisfy(name -> assertThat(table.refusal(name)).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"H100", "NVIDIA A100", "A100-SXM-64GB", "abacus", "''", "(R)"})
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
                "BF16 | FP8 | densePeaks of one has no format of 16 bits, must name BF16 or FP16",
                "\"aliases\" | \"unread\": [\"FP9\"], \"aliases\" | unread of one names format FP9, must be one of",
                "\"aliases\" | \"unread\": [\"BF16\"], \"aliases\" | unreadFormats of one is [BF16], must not name a format",
                "\"aliases\" | \"frameworkDevices\": 0, \"aliases\" | frameworkDevices of one is 0, must be a number above 0",
                "}]} | }], \"refused\": [{\"names\": [\"one\"], \"why\": \"x\"}]} | alias one of a refused device is taken by one",
                "}]} | }], \"refused\": [{\"names\": [\"two\"]}]} | why of refused is absent, must be present",
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
