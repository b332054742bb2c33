package org.flopledger.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.flopledger.otlp.OtlpReader.Form;
import org.flopledger.otlp.OtlpReader.Signal;
import org.junit.jupiter.api.Test;

class OtlpReaderTest {

    private final TelemetryBook book = new TelemetryBook(TelemetryMapping.standard());

    private static String request(String metrics, String more) {
        return "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"nemo.run.id\",\"value\":{\"stringValue\":\"r\"}}"
                + more + "]},\"scopeMetrics\":[{\"metrics\":[" + metrics + "]}]}]}";
    }

    private static String devices(int count) {
        return ",{\"key\":\"nv.dl.world_size\",\"value\":{\"intValue\":\"" + count + "\"}}";
    }

    private static String tflops(long second, double value) {
        return "{\"name\":\"megatron.training.throughput_tflops\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\""
                + second * 1_000_000_000L + "\",\"asDouble\":" + value + "}]}}";
    }

    private void json(String text) throws OtlpException {
        OtlpReader.read(text.getBytes(StandardCharsets.UTF_8), Form.JSON, Signal.METRICS, book);
    }

    private TelemetryFigure only() {
        assertThat(book.figures()).hasSize(1);
        return book.figures().get(0);
    }

    @Test
    void ratesAreIntegratedBetweenTheirNeighbours() throws OtlpException {
        for (int i = 0; i <= 4; i++) {
            json(request(tflops(100 + 10 * i, i % 2 == 0 ? 2 : 1), devices(8)));
        }
        TelemetryFigure figure = only();
        // Four times ten seconds, eight devices: the ends are 1, 2, 1, 2 TFLOP/s.
        assertThat(figure.flop().best()).hasToString(Long.toString(8L * 60_000_000_000_000L));
        assertThat(figure.flop().high()).hasToString(Long.toString(8L * 80_000_000_000_000L));
        assertThat(figure.flop().low())
                .as("nobody says how much of the time was spent in steps")
                .hasToString("0");
        assertThat(figure.coverage()).isEqualTo(1);
    }

    @Test
    void timeKnownToBeSpentInStepsGivesTheLowerBound() throws OtlpException {
        for (int i = 0; i <= 4; i++) {
            json(request(tflops(100 + 10 * i, 1), devices(1)));
        }
        json(request(
                "{\"name\":\"megatron.training.step_duration_ms\",\"histogram\":{\"aggregationTemporality\":2,\"dataPoints\":["
                        + "{\"startTimeUnixNano\":\"100000000000\",\"timeUnixNano\":\"140000000000\",\"count\":\"10\",\"sum\":30000}]}}",
                devices(1)));
        assertThat(only().flop().low()).hasToString("30000000000000");
        assertThat(only().flop().high()).hasToString("40000000000000");
    }

    @Test
    void gapsAreCountedAndNotCovered() throws OtlpException {
        for (long second : new long[] {100, 110, 120, 130, 300, 310, 320}) {
            json(request(tflops(second, 1), devices(1)));
        }
        assertThat(only().gaps()).isOne();
        assertThat(only().coveredSeconds()).isEqualTo(50);
        assertThat(only().coverage()).isCloseTo(50.0 / 220, within(1e-12));
        assertThat(only().flop().best()).hasToString("50000000000000");
    }

    @Test
    void duplicatesAndOrderChangeNothingAndContradictionsAreCounted() throws OtlpException {
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            requests.add(request(tflops(100 + i, 1 + i % 3), devices(4)));
        }
        List<String> twice = new ArrayList<>(requests);
        twice.addAll(requests);
        Collections.shuffle(twice, new Random(7));
        for (String each : twice) {
            json(each);
        }
        TelemetryFigure shuffled = only();
        TelemetryBook inOrder = new TelemetryBook(TelemetryMapping.standard());
        for (String each : requests) {
            OtlpReader.read(each.getBytes(StandardCharsets.UTF_8), Form.JSON, Signal.METRICS, inOrder);
        }
        assertThat(shuffled.flop()).isEqualTo(inOrder.figures().get(0).flop());
        assertThat(shuffled.duplicates()).isEqualTo(30);
        json(request(tflops(100, 99), devices(4)));
        assertThat(only().conflicts()).isOne();
        assertThat(only().flop()).isEqualTo(shuffled.flop());
    }

    @Test
    void aRateOfOneDeviceWithoutTheirNumberGivesNoFigure() throws OtlpException {
        json(request(tflops(100, 1), ""));
        json(request(tflops(110, 1), ""));
        assertThat(only().withoutDevices()).isTrue();
        assertThat(only().flop().high()).hasToString("0");
        assertThat(only().samples()).isZero();
    }

    @Test
    void valuesThatCannotBeAreRefused() throws OtlpException {
        json(request(tflops(100, -1), devices(1)));
        json(request(tflops(100, 1).replace("1.0", "\"NaN\""), devices(1)));
        json(request(tflops(0, 1), devices(1)));
        assertThat(only().refused()).isEqualTo(3);
    }

    @Test
    void stepSpansAreStepsAndTheirTime() throws OtlpException {
        String spans =
                "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"nemo.run.id\",\"value\":{\"stringValue\":\"r\"}}]},"
                        + "\"scopeSpans\":[{\"spans\":[{\"name\":\"megatron.train_step\",\"startTimeUnixNano\":\"1000\",\"endTimeUnixNano\":\"2000\"},"
                        + "{\"name\":\"megatron.train_step\",\"startTimeUnixNano\":\"3000\",\"endTimeUnixNano\":\"4000\"},"
                        + "{\"name\":\"megatron.save_checkpoint\",\"startTimeUnixNano\":\"4000\",\"endTimeUnixNano\":\"9000\"}]}]}]}";
        assertThat(OtlpReader.read(spans.getBytes(StandardCharsets.UTF_8), Form.JSON, Signal.TRACES, book))
                .isEqualTo(2);
        json(spans);
        assertThat(only().steps()).isEqualTo(2);
        assertThat(only().duplicates()).isEqualTo(2);
    }

    @Test
    void whatIsNotOtlpIsRefusedWhole() {
        for (String bad : new String[] {"", "{", "[]", "{\"a\":1}", "{\"resourceMetrics\":" + "[".repeat(100)}) {
            assertThatThrownBy(() -> json(bad)).as(bad).isInstanceOf(OtlpException.class);
        }
        assertThat(book.figures()).isEmpty();
    }

    @Test
    void aRealTrainersFilesTellItsOwnTokensAndSteps() throws Exception {
        Path lab = Path.of(System.getProperty("flopledger.shared", "../../../shared"), "lab", "seed1");
        assumeTrue(
                Files.isDirectory(lab.resolve("otlp")),
                "no folder shared beside the checkout: not tested with a real SDK");
        var truth = new ObjectMapper().readTree(lab.resolve("otlp.truth.json").toFile());
        for (String line : Files.readAllLines(lab.resolve("otlp/metrics.jsonl"))) {
            json(line);
        }
        TelemetryBook binary = new TelemetryBook(TelemetryMapping.standard());
        try (var files = Files.list(lab.resolve("otlp"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pb")).toList()) {
                OtlpReader.read(Files.readAllBytes(file), Form.PROTOBUF, Signal.METRICS, binary);
            }
        }
        TelemetryFigure figure = only();
        assertThat(figure.tokens()).isEqualTo(truth.path("tokens").asDouble());
        assertThat(figure.steps()).isEqualTo(truth.path("optimizer_steps").asDouble());
        assertThat(binary.figures()).isEqualTo(book.figures());
        System.out.println(
                "OtlpReaderTest: " + figure + ", coverage " + figure.coverage() + ", truth " + truth.path("flop"));
    }

    @Test
    void damagedProtocolBuffersNeverThrowAnythingElse() throws Exception {
        byte[] good = sample();
        assertThat(OtlpReader.read(good, Form.PROTOBUF, Signal.METRICS, book)).isOne();
        assertThat(only().samples()).isOne();
        Random random = new Random(20_261_121);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = i % 2 == 0 ? good.clone() : Arrays.copyOf(good, random.nextInt(good.length));
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                OtlpReader.read(damaged, Form.PROTOBUF, i % 3 == 0 ? Signal.TRACES : Signal.METRICS, book);
            } catch (OtlpException e) {
                assertThat(e).hasMessageContaining("OTLP");
            }
        }
    }

    private static byte[] field(int number, byte[] bytes) {
        byte[] field = new byte[bytes.length + 2];
        field[0] = (byte) (number << 3 | 2);
        field[1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, field, 2, bytes.length);
        return field;
    }

    private static byte[] fixed(int number, long bits) {
        byte[] field = new byte[9];
        field[0] = (byte) (number << 3 | 1);
        for (int i = 0; i < 8; i++) {
            field[i + 1] = (byte) (bits >>> 8 * i);
        }
        return field;
    }

    private static byte[] join(byte[]... parts) {
        var bytes = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sample() {
        byte[] point = join(fixed(3, 1_000_000_000L), fixed(4, Double.doubleToLongBits(2)));
        byte[] metric = join(field(1, text("train.tflops")), field(5, field(1, point)));
        byte[] attribute = join(field(1, text("run")), field(2, field(1, text("r"))));
        return field(1, join(field(1, field(1, attribute)), field(2, field(2, metric))));
    }
}
