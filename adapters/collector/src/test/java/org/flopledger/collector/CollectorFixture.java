package org.flopledger.collector;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests to a collector of this machine, as a client sends them and as an attacker does. */
final class CollectorFixture {

    static final String LINES = "application/x-ndjson";
    static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private CollectorFixture() {}

    static String step(String run, long step, long tokens) {
        return "{\"v\":1,\"run\":\"" + run + "\",\"attempt\":0,\"step\":" + step
                + ",\"source\":\"trainer\",\"stage\":\"PRETRAINING\",\"model\":\"m\",\"tokens\":" + tokens + "}\n";
    }

    static String model(String run) {
        return "{\"v\":1,\"type\":\"model\",\"run\":\"" + run + "\",\"stage\":\"PRETRAINING\",\"model\":\"m\","
                + "\"total_parameters\":1000,\"active_parameters\":1000}\n";
    }

    static HttpRequest.Builder request(Collector collector, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpResponse<String> post(Collector collector, String body) throws IOException, InterruptedException {
        return send(request(collector, "/v1/steps")
                .header("Content-Type", LINES)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    static HttpResponse<String> get(Collector collector, String path) throws IOException, InterruptedException {
        return send(request(collector, path).GET());
    }

    /** Sends bytes as they are. Returns the first line of the answer, or nothing if the connection ended without one. */
    static String raw(Collector collector, String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return firstLine(socket.getInputStream());
        }
    }

    static String firstLine(InputStream stream) throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = stream.read(); c >= 0 && c != '\n'; c = stream.read()) {
                line.append((char) c);
            }
        } catch (java.net.SocketException e) {
            // Reset by the server: it wants nothing more.
            return line.toString();
        }
        return line.toString().strip();
    }
}
