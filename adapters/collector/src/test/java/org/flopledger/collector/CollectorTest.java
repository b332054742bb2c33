package org.flopledger.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.flopledger.collector.CollectorFixture.get;
import static org.flopledger.collector.CollectorFixture.model;
import static org.flopledger.collector.CollectorFixture.post;
import static org.flopledger.collector.CollectorFixture.request;
import static org.flopledger.collector.CollectorFixture.send;
import static org.flopledger.collector.CollectorFixture.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.flopledger.ComputeLedger;
import org.flopledger.telemetry.LenientArrow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private ComputeLedger ledger() {
        return ComputeLedger.open(folder.resolve("ledger"))
                .lenient(LenientArrow.types())
                .threshold("own-line", org.flopledger.units.FlopCount.of(1_000_000))
                .start();
    }

    private static Collector collector(ComputeLedger ledger) {
        return Collector.of(ledger).port(0).lookMillis(20).start();
    }

    @Test
    void whatIsAcknowledgedIsOnTheDisk() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            HttpResponse<String> answer = post(collector, model("r") + step("r", 1, 10) + step("r", 2, 20));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).path("accepted").asText()).isEqualTo("2");
            assertThat(ledger.status().pending()).isZero();
            assertThat(ledger.status().lastDurableSteps()).containsEntry("r", 2L);
            assertThat(ledger.totals("r").total().bounds().best()).hasToString("180000");
        }
        try (ComputeLedger again = ledger()) {
            assertThat(again.totals("r").total().bounds().best()).hasToString("180000");
        }
    }

    @Test
    void theSameRequestTwiceCountsOnce() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            post(collector, model("r") + step("r", 1, 10));
            JsonNode second =
                    JSON.readTree(post(collector, model("r") + step("r", 1, 10)).body());
            assertThat(second.path("accepted").asText()).isEqualTo("0");
            assertThat(second.path("duplicates").asText()).isEqualTo("1");
            assertThat(ledger.totals("r").totals().observations()).isOne();
        }
    }

    @Test
    void aBadLineIsNamedAndTheOthersAreTaken() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            HttpResponse<String> answer = post(collector, step("r", 1, 10) + "nonsense\n" + step("r", 2, -1));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"refused\":{\"NOT_JSON\":\"1\"}", "\"rejected\":{\"TOKENS_NEGATIVE\":\"1\"}", "line:2:")
                    .doesNotContain("nonsense");
            assertThat(post(collector, "nonsense").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void threeWritersOfOneRunAddUp() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            List<Future<Long>> sent = new ArrayList<>();
            for (int writer = 0; writer < 3; writer++) {
                String source = "rank-" + writer;
                sent.add(threads.submit(() -> {
                    long tokens = 0;
                    Random random = new Random(source.hashCode());
                    for (int step = 1; step <= 40; step++) {
                        long some = random.nextInt(1 << 20);
                        tokens += some;
                        String line = step("r", step, some).replace("\"trainer\"", "\"" + source + "\"");
                        assertThat(post(collector, line).statusCode()).isEqualTo(200);
                    }
                    return tokens;
                }));
            }
            long tokens = 0;
            for (Future<Long> each : sent) {
                tokens += each.get();
            }
            assertThat(ledger.totals("r").totals().tokens().longValueExact()).isEqualTo(tokens);
            assertThat(ledger.totals("r").totals().observations()).isEqualTo(120);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anArrowStreamIsTakenLikeLines() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            byte[] stream = stream(50);
            HttpResponse<String> answer = postArrow(collector, stream);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(ledger.totals("arrow").totals().tokens().longValueExact())
                    .isEqualTo(50 * 51 / 2);
            assertThat(JSON.readTree(postArrow(collector, stream).body())
                            .path("duplicates")
                            .asText())
                    .isEqualTo("50");
        }
    }

    @Test
    void aDamagedArrowStreamIsRefusedAndHarmsNobody() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            byte[] stream = stream(50);
            Random random = new Random(20_261_121);
            for (int i = 0; i < 300; i++) {
                byte[] damaged = stream.clone();
                if (i % 3 == 0) {
                    damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
                } else {
                    for (int k = 0; k < 1 + i % 4; k++) {
                        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                    }
                }
                assertThat(postArrow(collector, damaged).statusCode()).isIn(200, 400, 413);
            }
            post(collector, step("r", 1, 10));
            assertThat(ledger.totals("r").totals().observations()).isOne();
        }
    }

    private static HttpResponse<String> postArrow(Collector collector, byte[] stream) throws Exception {
        return send(request(collector, "/v1/steps")
                .header("Content-Type", "application/vnd.apache.arrow.stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(stream)));
    }

    private static byte[] stream(int rows) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector run = new VarCharVector("run", allocator);
                IntVector attempt = new IntVector("attempt", allocator);
                BigIntVector step = new BigIntVector("step", allocator);
                VarCharVector source = new VarCharVector("source", allocator);
                VarCharVector stage = new VarCharVector("stage", allocator);
                BigIntVector tokens = new BigIntVector("tokens", allocator)) {
            for (int i = 0; i < rows; i++) {
                run.setSafe(i, "arrow".getBytes());
                attempt.setSafe(i, 0);
                step.setSafe(i, i);
                source.setSafe(i, "s".getBytes());
                stage.setSafe(i, "PRETRAINING".getBytes());
                tokens.setSafe(i, i + 1);
            }
            VectorSchemaRoot root = VectorSchemaRoot.of(run, attempt, step, source, stage, tokens);
            root.setRowCount(rows);
            WriteChannel channel = new WriteChannel(Channels.newChannel(bytes)) {
                @Override
                public void write(ArrowBuf buffer) throws java.io.IOException {
                    byte[] copy = new byte[(int) buffer.readableBytes()];
                    buffer.getBytes(buffer.readerIndex(), copy);
                    write(ByteBuffer.wrap(copy));
                }
            };
            MessageSerializer.serialize(channel, root.getSchema());
            try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
                MessageSerializer.serialize(channel, batch);
            }
            channel.writeZeros(0);
        }
        return bytes.toByteArray();
    }

    @Test
    void telemetryIsShownBesideTheTotalsAndInNone() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            for (int second = 1; second <= 3; second++) {
                String metrics = "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"run\",\"value\":"
                        + "{\"stringValue\":\"r\"}}]},\"scopeMetrics\":[{\"metrics\":[{\"name\":\"train.tflops\",\"gauge\":"
                        + "{\"dataPoints\":[{\"timeUnixNano\":\"" + second + "000000000\",\"asDouble\":2}]}}]}]}]}";
                HttpResponse<String> answer = send(request(collector, "/v1/metrics")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(metrics)));
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("{}");
            }
            JsonNode run = JSON.readTree(get(collector, "/v1/telemetry").body())
                    .path("runs")
                    .path(0);
            assertThat(run.path("flop").path("best").asText()).isEqualTo("4000000000000");
            assertThat(run.path("flop").path("low").asText()).isEqualTo("0");
            assertThat(run.path("coverage").asText()).isEqualTo("1.0");
            assertThat(ledger.runs()).isEmpty();
            HttpResponse<String> bad = send(request(collector, "/v1/traces")
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2, 3})));
            assertThat(bad.statusCode()).isEqualTo(400);
        }
    }

    @Test
    void saysHowItStands() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            post(collector, model("r") + step("r", 1, 10));
            assertThat(get(collector, "/health").statusCode()).isEqualTo(200);
            assertThat(get(collector, "/ready").statusCode()).isEqualTo(200);
            HttpResponse<String> metrics = get(collector, "/metrics");
            assertThat(metrics.headers().firstValue("Content-Type"))
                    .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(metrics.body())
                    .contains("flopledger_observations_total{outcome=\"accepted\"} 1\n", "flopledger_pending 0\n")
                    .endsWith("# EOF\n");
            OpenMetricsCheck.require(metrics.body());
        }
    }

    @Test
    void aFailedLedgerIsNotReadyAndTakesNothing() throws Exception {
        ComputeLedger ledger = ledger();
        try (Collector collector = collector(ledger)) {
            ledger.close();
            assertThat(post(collector, step("r", 1, 10)).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void showsRunsWithExactFiguresAndTheLineAhead() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            post(
                    collector,
                    model("r")
                            + step("r", 1, 10)
                            + step("r", 2, 20)
                            + step("other", 1, 5).replace("\"m\"", "\"n\""));
            JsonNode page =
                    await(collector, "/v1/runs", node -> node.path("rows").size() == 2);
            JsonNode row = page.path("rows").path(0);
            assertThat(row.path("run").asText()).isEqualTo("r");
            assertThat(row.path("total").path("flop").asText()).isEqualTo("180000");
            assertThat(row.path("next").path("threshold").asText()).isEqualTo("1000000");
            assertThat(row.path("next").path("share").asText()).isEqualTo("0.18");
            assertThat(page.path("rows").path(1).path("total").isNull())
                    .as("unknown is not zero")
                    .isTrue();
            JsonNode filtered = await(
                    collector,
                    "/v1/runs?filter=OTH",
                    node -> node.path("matching").asInt() == 1);
            assertThat(filtered.path("runs").asInt()).isEqualTo(2);
            assertThat(JSON.readTree(get(collector, "/v1/run?id=r").body())
                            .path("stages")
                            .path(0)
                            .path("stage")
                            .asText())
                    .isEqualTo("PRETRAINING");
            assertThat(get(collector, "/v1/run?id=nobody").statusCode()).isEqualTo(404);
            assertThat(get(collector, "/v1/runs?offset=x").statusCode()).isEqualTo(400);
        }
    }

    private interface Condition {
        boolean holds(JsonNode node);
    }

    private static JsonNode await(Collector collector, String path, Condition condition) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < end) {
            JsonNode node = JSON.readTree(get(collector, path).body());
            if (condition.holds(node)) {
                return node;
            }
        }
        throw new AssertionError("did not come: " + get(collector, path).body());
    }

    @Test
    void aPageIsToldOfNewSteps() throws Exception {
        try (ComputeLedger ledger = ledger();
                Collector collector = collector(ledger)) {
            CompletableFuture<String> event = new CompletableFuture<>();
            CompletableFuture<HttpResponse<Void>> whole = CollectorFixture.CLIENT.sendAsync(
                    request(collector, "/v1/events").GET().build(),
                    HttpResponse.BodyHandlers.fromLineSubscriber(new java.util.concurrent.Flow.Subscriber<String>() {
                        @Override
                        public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
                            subscription.request(Long.MAX_VALUE);
                        }

                        @Override
                        public void onNext(String line) {
                            if (line.contains("60000")) {
                                event.complete(line);
                            }
                        }

                        @Override
                        public void onError(Throwable failure) {}

                        @Override
                        public void onComplete() {}
                    }));
            post(collector, model("r") + step("r", 1, 10));
            assertThat(event.get(20, java.util.concurrent.TimeUnit.SECONDS)).startsWith("data: {");
            collector.close();
            // It ends, in whatever way.
            whole.handle((response, failure) -> "ended").get(20, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void closingWaitsForWhatIsBeingTakenIn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        long acknowledged = 0;
        try (ComputeLedger ledger = ledger()) {
            Collector collector = collector(ledger);
            List<Future<Integer>> sent = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int first = writer * 1_000;
                sent.add(threads.submit(() -> {
                    int count = 0;
                    try {
                        while (post(collector, step("r", first + count, 1)).statusCode() == 200) {
                            count++;
                        }
                    } catch (java.io.IOException e) {
                        return count;
                    }
                    return count;
                }));
            }
            while (ledger.status().accepted() < 20) {
                Thread.onSpinWait();
            }
            collector.close();
            for (Future<Integer> each : sent) {
                acknowledged += each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (ComputeLedger again = ledger()) {
            assertThat(again.totals("r").totals().observations()).isGreaterThanOrEqualTo(acknowledged);
            assertThat(acknowledged).isGreaterThan(10);
        }
    }

    @Test
    void listensToOthersOnlyWithAToken() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            assertThatThrownBy(
                            () -> Collector.of(ledger).host("0.0.0.0").port(0).start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token");
            assertThatThrownBy(() -> Collector.of(ledger).token("short"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 16");
        }
    }
}
