package org.flopledger.collector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A headless Chromium, driven by the WebDriver protocol. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1400,1000");

    private final Process driver;
    private final String session;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Chromium(Process driver, int port, Path profile, String browser) throws Exception {
        this.driver = driver;
        String root = "http://127.0.0.1:" + port;
        ObjectNode body = JSON.createObjectNode();
        ObjectNode match = body.putObject("capabilities").putObject("alwaysMatch");
        match.put("browserName", "chrome");
        match.putObject("goog:loggingPrefs").put("browser", "ALL").put("performance", "ALL");
        ObjectNode options = match.putObject("goog:chromeOptions");
        options.put("binary", browser);
        var arguments = options.putArray("args");
        ARGUMENTS.forEach(arguments::add);
        arguments.add("--user-data-dir=" + profile);
        awaitReady(root);
        session = root + "/session/"
                + call("POST", root + "/session", body).path("sessionId").asText();
    }

    /** Returns a browser, or null if there is none here. */
    static @Nullable Chromium start(Path profile) throws Exception {
        String driver = found("flopledger.chromedriver", "chromedriver");
        String browser = found("flopledger.chromium", "chromium");
        if (driver == null || browser == null) {
            return null;
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(driver, "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolveSibling("chromedriver.txt").toFile())
                .start();
        try {
            return new Chromium(process, port, profile, browser);
        } catch (Exception | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static @Nullable String found(String property, String name) {
        String told = System.getProperty(property);
        if (told != null) {
            return told;
        }
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path path = Path.of(folder, name);
            if (Files.isExecutable(path)) {
                return path.toString();
            }
        }
        return null;
    }

    private void awaitReady(String root) throws Exception {
        for (int i = 0; ; i++) {
            try {
                call("GET", root + "/status", null);
                return;
            } catch (IOException e) {
                if (i == 300 || driver.waitFor(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    throw e;
                }
            }
        }
    }

    private JsonNode call(String method, String url, @Nullable JsonNode body) throws Exception {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .method(method, publisher)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(url + ": " + answer.body());
        }
        return JSON.readTree(answer.body()).path("value");
    }

    void open(String url) throws Exception {
        call("POST", session + "/url", JSON.createObjectNode().put("url", url));
    }

    /** Returns what a script returns. */
    JsonNode run(String script) throws Exception {
        ObjectNode body = JSON.createObjectNode().put("script", script);
        body.putArray("args");
        return call("POST", session + "/execute/sync", body);
    }

    /** Waits until a script returns true. */
    void await(String script) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!run(script).asBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come true: " + script + "\n"
                        + run("return document.body.innerText").asText());
            }
        }
    }

    /** Returns what the console says since the last call. */
    JsonNode console() throws Exception {
        return log("browser");
    }

    /** Returns every event of the network since the last call. */
    JsonNode network() throws Exception {
        return log("performance");
    }

    private JsonNode log(String type) throws Exception {
        return call("POST", session + "/se/log", JSON.createObjectNode().put("type", type));
    }

    void screenshot(Path file) throws Exception {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(call("GET", session + "/screenshot", null).asText()));
    }

    @Override
    public void close() throws Exception {
        try {
            call("DELETE", session, null);
        } finally {
            driver.destroy();
            driver.waitFor();
        }
    }
}
