package org.flopledger.cli.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A headless Chromium with one page, steered over its own protocol. Closing it ends the process. */
public final class Browser implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final int TALLEST = 6_000;

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
    private int calls;

    private Browser(Process process, URI page) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .join();
        call("Page.enable");
        call("Runtime.enable");
        call("Log.enable");
        call("Network.enable");
    }

    /** Returns where a Chromium is, or null if there is none. */
    public static Path found() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            for (String name : NAMES) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    return program;
                }
            }
        }
        return null;
    }

    /** Starts one with a new profile in a folder. */
    public static Browser start(Path program, Path folder) throws Exception {
        Path profile = Files.createDirectories(folder.resolve("profile"));
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser.log").toFile())
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(port) || Files.readAllLines(port).isEmpty()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                process.destroyForcibly();
                throw new IOException("the browser did not start: " + Files.readString(folder.resolve("browser.log")));
            }
            Thread.onSpinWait();
        }
        String list = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + Files.readAllLines(port).get(0) + "/json/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        for (JsonNode target : JSON.readTree(list)) {
            if (target.path("type").asText().equals("page")) {
                return new Browser(
                        process, URI.create(target.path("webSocketDebuggerUrl").asText()));
            }
        }
        throw new IOException("the browser has no page: " + list);
    }

    /** Opens a file and returns when it is there. */
    public void open(Path file) {
        loaded = new CompletableFuture<>();
        call("Page.navigate", "url", file.toUri().toString());
        loaded.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Returns the value of an expression of the page. */
    public JsonNode value(String expression) {
        JsonNode result =
                call("Runtime.evaluate", "expression", expression, "returnByValue", true, "awaitPromise", true);
        if (result.has("exceptionDetails")) {
            throw new AssertionError(result.get("exceptionDetails").toString());
        }
        return result.path("result").path("value");
    }

    /** Shows the page in a width, light or dark. */
    public void show(int width, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                900,
                "deviceScaleFactor",
                1,
                "mobile",
                false);
        ObjectNode feature =
                JSON.createObjectNode().put("name", "prefers-color-scheme").put("value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", "features", JSON.createArrayNode().add(feature));
    }

    /** Returns a picture of the page, or of its beginning where it is taller than a picture can be. */
    public byte[] picture() {
        int height =
                Math.min(TALLEST, value("document.documentElement.scrollHeight").asInt());
        int width = value("document.documentElement.clientWidth").asInt();
        ObjectNode clip = JSON.createObjectNode()
                .put("x", 0)
                .put("y", 0)
                .put("width", width)
                .put("height", height)
                .put("scale", 1);
        return bytes(call("Page.captureScreenshot", "format", "png", "captureBeyondViewport", true, "clip", clip));
    }

    /** Returns the page as it would be printed. */
    public byte[] paper() {
        return bytes(call("Page.printToPDF", "preferCSSPageSize", true));
    }

    private static byte[] bytes(JsonNode answer) {
        return Base64.getDecoder().decode(answer.path("data").asText());
    }

    /** Returns errors and warnings of the console and exceptions since the start. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Returns the addresses asked for since the start, the files themselves among them. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Drags the mouse from one place to another. */
    public void drag(double fromX, double fromY, double toX) {
        mouse("mouseMoved", fromX, fromY, 0);
        mouse("mousePressed", fromX, fromY, 1);
        for (int i = 1; i <= 4; i++) {
            mouse("mouseMoved", fromX + (toX - fromX) * i / 4, fromY, 1);
        }
        mouse("mouseReleased", toX, fromY, 1);
    }

    private void mouse(String type, double x, double y, int buttons) {
        call(
                "Input.dispatchMouseEvent",
                "type",
                type,
                "x",
                x,
                "y",
                y,
                "button",
                "left",
                "buttons",
                buttons,
                "clickCount",
                1);
    }

    private synchronized JsonNode call(String method, Object... parameters) {
        ObjectNode message = JSON.createObjectNode();
        int id = ++calls;
        message.put("id", id).put("method", method);
        ObjectNode object = message.putObject("params");
        for (int i = 0; i < parameters.length; i += 2) {
            object.set(parameters[i].toString(), JSON.valueToTree(parameters[i + 1]));
        }
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).join();
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void take(String message) {
            JsonNode json;
            try {
                json = JSON.readTree(message);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            CompletableFuture<JsonNode> waiting = answers.remove(json.path("id").asInt());
            if (waiting != null) {
                waiting.complete(json.has("error") ? json : json.path("result"));
            }
            switch (json.path("method").asText()) {
                case "Page.loadEventFired" -> loaded.complete(null);
                case "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled" ->
                    complaints.add(json.path("params").toString());
                case "Network.requestWillBeSent" ->
                    requests.add(json.path("params").path("request").path("url").asText());
                default -> {
                    // Much else is told that nobody asks for.
                }
            }
        }
    }
}
