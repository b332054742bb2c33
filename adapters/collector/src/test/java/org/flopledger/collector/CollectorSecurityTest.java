package org.flopledger.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flopledger.collector.CollectorFixture.LINES;
import static org.flopledger.collector.CollectorFixture.firstLine;
import static org.flopledger.collector.CollectorFixture.get;
import static org.flopledger.collector.CollectorFixture.post;
import static org.flopledger.collector.CollectorFixture.raw;
import static org.flopledger.collector.CollectorFixture.request;
import static org.flopledger.collector.CollectorFixture.send;
import static org.flopledger.collector.CollectorFixture.step;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.flopledger.ComputeLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorSecurityTest {

    private static final String TOKEN = "a-token-of-this-test";
    private static final CollectorLimits SMALL =
            new CollectorLimits(10_000, 40_000, 4, 50, 2, 100_000, Duration.ofMillis(1_500));

    private final ComputeLedger ledger = ComputeLedger.inMemory().start();

    @AfterEach
    void close() {
        ledger.close();
    }

    private Collector open() {
        return Collector.of(ledger).port(0).limits(SMALL).start();
    }

    private Collector guarded() {
        return Collector.of(ledger).port(0).token(TOKEN).limits(SMALL).start();
    }

    private static HttpResponse<String> postAs(Collector collector, String authorization) throws Exception {
        HttpRequest.Builder request = request(collector, "/v1/steps").header("Content-Type", LINES);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return send(request.POST(HttpRequest.BodyPublishers.ofString(step("r", 1, 10))));
    }

    @Test
    void withoutTheTokenNothingIsTakenOrShown() throws Exception {
        try (Collector collector = guarded()) {
            for (String wrong : new String[] {
                null, "Bearer", "Bearer wrong-token-of-them", "Basic " + TOKEN, "Bearer " + TOKEN + "x"
            }) {
                HttpResponse<String> answer = postAs(collector, wrong);
                assertThat(answer.statusCode()).as("%s", wrong).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            }
            for (String path : new String[] {"/metrics", "/v1/runs", "/v1/run?id=r", "/v1/events"}) {
                assertThat(get(collector, path).statusCode()).as(path).isEqualTo(401);
            }
            assertThat(ledger.runs()).isEmpty();
            assertThat(postAs(collector, "Bearer " + TOKEN).statusCode()).isEqualTo(200);
            assertThat(get(collector, "/health").statusCode()).isEqualTo(200);
            assertThat(get(collector, "/").body()).doesNotContain("trainer");
        }
    }

    @Test
    void aPageOfAnotherOriginIsRefusedEvenWithTheToken() throws Exception {
        try (Collector collector = guarded()) {
            String head = "POST /v1/steps HTTP/1.1\r\nHost: 127.0.0.1:" + collector.port()
                    + "\r\nAuthorization: Bearer " + TOKEN + "\r\nContent-Type: " + LINES + "\r\nContent-Length: 0\r\n";
            assertThat(raw(collector, head + "Origin: https://evil.example\r\n\r\n"))
                    .contains(" 403 ");
            assertThat(raw(collector, head + "Origin: null\r\n\r\n")).contains(" 403 ");
            assertThat(raw(collector, head + "Sec-Fetch-Site: cross-site\r\n\r\n"))
                    .contains(" 403 ");
            assertThat(raw(collector, head + "Origin: http://127.0.0.1:" + collector.port() + "\r\n\r\n"))
                    .contains(" 200 ");
        }
    }

    @Test
    void anotherNameForThisMachineIsRefusedWhereThereIsNoToken() throws Exception {
        try (Collector collector = open()) {
            assertThat(raw(collector, "GET /v1/runs HTTP/1.1\r\nHost: rebound.example\r\n\r\n"))
                    .contains(" 421 ");
            assertThat(raw(collector, "GET /v1/runs HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains(" 200 ");
        }
    }

    @Test
    void whatIsTooLargeIsRefusedWithoutBeingKept() throws Exception {
        try (Collector collector = open()) {
            String head = "POST /v1/steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + LINES + "\r\n";
            assertThat(raw(collector, head + "Content-Length: 999999999999\r\n\r\n"))
                    .contains(" 413 ");
            assertThat(raw(
                            collector,
                            head + "Transfer-Encoding: chunked\r\n\r\n4000\r\n" + "x".repeat(0x4000) + "\r\n0\r\n\r\n"))
                    .contains(" 413 ");
            assertThat(raw(collector, head + "X: " + "y".repeat(20_000) + "\r\n\r\n"))
                    .contains(" 431 ");
            assertThat(raw(collector, "GET /" + "z".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains(" 414 ");
            assertThat(raw(collector, head + "Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\nxxxxx"))
                    .contains(" 415 ");
            assertThat(post(collector, step("r", 1, 10)).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/..%2f..%2fetc/passwd",
                "//etc/passwd",
                "/page.css/../page.js",
                "/./page.css",
                "/page.css;x=1",
                "/page.css%00.html",
                "/v1//runs",
                "/v1/runs/",
                "/V1/RUNS",
                "/org/flopledger/collector/Door.class",
            })
    void pathTricksFindNothing(String path) throws Exception {
        try (Collector collector = open()) {
            String answer = raw(collector, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(answer).containsAnyOf(" 400 ", " 404 ");
        }
    }

    @Test
    void smugglingAndOtherMethodsAreRefused() throws Exception {
        try (Collector collector = open()) {
            assertThat(
                            raw(
                                    collector,
                                    "POST /v1/steps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                    .contains(" 400 ");
            assertThat(raw(collector, "DELETE /v1/steps HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains(" 405 ");
            assertThat(raw(collector, "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains(" 405 ");
            assertThat(raw(collector, "GET /v1/steps HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains(" 405 ");
            assertThat(raw(collector, "nonsense\r\n\r\n")).contains(" 400 ");
        }
    }

    @Test
    void everyAnswerForbidsWhatAPageMustNotDo() throws Exception {
        try (Collector collector = open()) {
            for (String path : new String[] {"/", "/page.js", "/v1/runs", "/nothing"}) {
                HttpResponse<String> answer = get(collector, path);
                assertThat(answer.headers()
                                .firstValue("Content-Security-Policy")
                                .orElse(""))
                        .contains("default-src 'none'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe", "*", "http");
                assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                        .hasValue("nosniff");
                assertThat(answer.headers().firstValue("Server")).isEmpty();
            }
        }
    }

    @Test
    void slowHeadersAndSlowBodiesAreClosedAndOthersAreServed() throws Exception {
        try (Collector collector = open();
                Socket slowHead = new Socket(InetAddress.getLoopbackAddress(), collector.port());
                Socket slowBody = new Socket(InetAddress.getLoopbackAddress(), collector.port())) {
            slowBody.getOutputStream()
                    .write(("POST /v1/steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + LINES
                                    + "\r\nContent-Length: 5000\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            long begun = System.nanoTime();
            boolean headOpen = true;
            boolean bodyOpen = true;
            byte[] head = "GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    .getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; (headOpen || bodyOpen) && System.nanoTime() - begun < 20_000_000_000L; i++) {
                headOpen = headOpen && trickle(slowHead, head[i % head.length]);
                bodyOpen = bodyOpen && trickle(slowBody, 'x');
                assertThat(get(collector, "/health").statusCode()).isEqualTo(200);
            }
            assertThat(headOpen || bodyOpen).isFalse();
            assertThat(post(collector, step("r", 1, 10)).statusCode()).isEqualTo(200);
        }
    }

    /** Brings one byte. Returns whether the server still listens. */
    private static boolean trickle(Socket socket, int one) {
        try {
            socket.getOutputStream().write(one);
            socket.setSoTimeout(50);
            return socket.getInputStream().read() >= 0 && false;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void tooManyRequestsOfOneAddressAreAskedToWait() throws Exception {
        CollectorLimits few = new CollectorLimits(10_000, 40_000, 4, 50, 2, 5, Duration.ofSeconds(5));
        try (Collector collector = Collector.of(ledger).port(0).limits(few).start()) {
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < 60; i++) {
                HttpResponse<String> answer = get(collector, "/health");
                if (answer.statusCode() == 429) {
                    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                    refused.incrementAndGet();
                }
            }
            assertThat(refused.get()).isGreaterThan(20);
        }
    }

    @Test
    void moreBytesAtOnceThanThereIsRoomForAreRefused() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (Collector collector = open()) {
            String head = "POST /v1/steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + LINES
                    + "\r\nContent-Length: 9000\r\n\r\n";
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port());
                open.add(socket);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            }
            List<String> answers = new ArrayList<>();
            for (Socket socket : open) {
                answers.add(firstLine(socket.getInputStream()));
            }
            assertThat(answers).filteredOn(answer -> answer.contains(" 503 ")).hasSize(4);
            assertThat(post(collector, step("r", 1, 10)).statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void tenThousandConnectionsLeaveItServing() throws Exception {
        int wanted = Integer.getInteger("flopledger.connections", 500);
        List<Socket> sockets = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try (Collector collector = open()) {
            int refused = 0;
            for (int i = 0; i < wanted; i++) {
                Socket socket = new Socket();
                try {
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), collector.port()), 5);
                    sockets.add(socket);
                } catch (IOException e) {
                    socket.close();
                    refused++;
                }
            }
            Future<Integer> status = threads.submit(() -> {
                for (int i = 0; ; i++) {
                    try {
                        return post(collector, step("r", 1, 10)).statusCode();
                    } catch (IOException e) {
                        if (i > 20) {
                            throw e;
                        }
                    }
                }
            });
            assertThat(status.get()).isEqualTo(200);
            System.out.println("CollectorSecurityTest: " + sockets.size() + " connections held, " + refused
                    + " not accepted within 5 ms; a step was taken in all the same");
        } finally {
            threads.shutdownNow();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void anUnendedHeaderIsNoRequest() throws Exception {
        try (Collector collector = open();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            assertThat(firstLine(socket.getInputStream())).doesNotContain(" 200 ");
        }
    }
}
