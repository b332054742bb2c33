package org.flopledger.collector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerException;
import org.flopledger.otlp.TelemetryBook;
import org.flopledger.otlp.TelemetryMapping;
import org.jspecify.annotations.Nullable;

/** Answers requests. Paths are compared as they stand, whole; nothing is looked up in a file system. Thread-safe. */
final class Door extends Handler.Abstract {

    private static final Map<String, String[]> PAGES = Map.of(
            "/", new String[] {"page.html", "text/html; charset=utf-8"},
            "/page.css", new String[] {"page.css", "text/css; charset=utf-8"},
            "/page.js", new String[] {"page.js", "text/javascript; charset=utf-8"});
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final int MOST_ROWS = 200;

    private final ComputeLedger ledger;
    private final CollectorLimits limits;
    private final Gate gate;
    private final RateLimit rate;
    private final Budget budget;
    private final Counters counters;
    private final Deadlines deadlines;
    private final RunBoard board;
    private final Viewers viewers;
    private final Executor workers;
    private final TelemetryBook telemetry = new TelemetryBook(TelemetryMapping.standard());
    private final Intakes intakes;
    private volatile boolean isClosing;

    Door(
            ComputeLedger ledger,
            CollectorLimits limits,
            Gate gate,
            Deadlines deadlines,
            Counters counters,
            RunBoard board,
            Viewers viewers,
            Executor workers) {
        this.ledger = ledger;
        this.limits = limits;
        this.gate = gate;
        this.deadlines = deadlines;
        this.counters = counters;
        this.board = board;
        this.viewers = viewers;
        this.workers = workers;
        rate = new RateLimit(limits.requestsPerSecond(), System::nanoTime);
        intakes = new Intakes(ledger, counters, telemetry);
        budget = new Budget(limits.openBytes(), limits.openRequests());
    }

    /** Says that no more steps are taken in; {@code /ready} says so too. */
    void beginClosing() {
        isClosing = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Connection connection = request.getConnectionMetaData().getConnection();
        Request.addCompletionListener(request, failure -> {
            counters.response(response.getStatus());
            deadlines.answered(connection);
        });
        secure(response.getHeaders());
        String path = request.getHttpURI().getPath();
        String method = request.getMethod();
        if (!rate.allows(Request.getRemoteAddr(request))) {
            refuse(response, callback, 429, "too many requests; try again in a second");
        } else if (path == null || !path.equals(request.getHttpURI().getCanonicalPath())) {
            refuse(response, callback, 400, "the path is not in its plain form");
        } else if (method.equals("POST")) {
            post(path, request, response, callback, connection);
        } else if (method.equals("GET")) {
            deadlines.arrived(connection);
            get(path, request, response, callback);
        } else {
            refuse(response, callback, 405, "GET or POST");
        }
        return true;
    }

    private static void secure(HttpFields.Mutable headers) {
        headers.put("Content-Security-Policy", POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    }

    private void get(String path, Request request, Response response, Callback callback) {
        String[] page = PAGES.get(path);
        if (page != null) {
            send(response, callback, 200, page[1], resource(page[0]));
            return;
        }
        if (path.equals("/health")) {
            text(response, callback, 200, "alive\n");
            return;
        }
        if (path.equals("/ready")) {
            boolean isReady = !isClosing && ledger.status().failure() == null;
            text(response, callback, isReady ? 200 : 503, isReady ? "ready\n" : "not ready\n");
            return;
        }
        int refusal = gate.refusal(request);
        if (refusal != 0) {
            refuse(response, callback, refusal, "not for you");
            return;
        }
        switch (path) {
            case "/metrics" ->
                send(
                        response,
                        callback,
                        200,
                        OpenMetrics.TYPE,
                        OpenMetrics.of(ledger.status(), counters, budget, board.shown(), viewers.count())
                                .getBytes(StandardCharsets.UTF_8));
            case "/v1/runs", "/v1/events" -> rows(path, request, response, callback);
            case "/v1/run" -> run(request, response, callback);
            case "/v1/telemetry" -> json(response, callback, TelemetryJson.of(telemetry));
            default -> refuse(response, callback, intakes.knows(path) ? 405 : 404, "nothing here");
        }
    }

    private void rows(String path, Request request, Response response, Callback callback) {
        Fields query = query(request);
        String filter = query == null || query.getValue("filter") == null ? "" : query.getValue("filter");
        int offset = number(query, "offset", 0);
        int limit = Math.min(MOST_ROWS, number(query, "limit", 100));
        if (query == null || offset < 0 || limit < 1) {
            refuse(response, callback, 400, "offset and limit must be whole numbers");
        } else if (path.equals("/v1/runs")) {
            json(response, callback, BoardJson.page(board.shown(), filter, offset, limit));
        } else if (!viewers.add(response, callback, filter, offset, limit)) {
            refuse(response, callback, 503, "too many pages are open");
        }
    }

    private void run(Request request, Response response, Callback callback) {
        Fields query = query(request);
        String id = query == null ? null : query.getValue("id");
        for (RunRow row : board.shown().rows()) {
            if (row.run().equals(id)) {
                json(response, callback, BoardJson.run(row));
                return;
            }
        }
        refuse(response, callback, 404, "no such run");
    }

    private static @Nullable Fields query(Request request) {
        try {
            return Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            // Escapes that are none.
            return null;
        }
    }

    private static int number(@Nullable Fields query, String name, int usual) {
        String value = query == null ? null : query.getValue(name);
        if (value == null) {
            return usual;
        }
        return value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
    }

    private void post(String path, Request request, Response response, Callback callback, Connection connection) {
        int refusal = gate.refusal(request);
        String type = BodyIntake.mediaType(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
        BodyIntake intake = intakes.of(path, type);
        long length = request.getLength();
        if (refusal != 0) {
            refuse(response, callback, refusal, "not for you");
        } else if (!intakes.knows(path)) {
            refuse(response, callback, 404, "nothing here");
        } else if (intake == null) {
            refuse(response, callback, 415, "not a media type that is taken here");
        } else if (request.getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
            refuse(response, callback, 415, "no content encoding");
        } else if (length > limits.bodyBytes()) {
            refuse(response, callback, 413, "more than " + limits.bodyBytes() + " bytes");
        } else if (isClosing) {
            refuse(response, callback, 503, "closing");
        } else {
            take(intake, length < 0 ? limits.bodyBytes() : length, request, response, callback, connection);
        }
    }

    private void take(
            BodyIntake intake,
            long room,
            Request request,
            Response response,
            Callback callback,
            Connection connection) {
        if (!budget.take(room)) {
            refuse(response, callback, 503, "busy; try again in a second");
            return;
        }
        Callback done = Callback.from(() -> budget.giveBack(room), callback);
        Content.Source.asByteArrayAsync(
                request,
                limits.bodyBytes(),
                Promise.Invocable.from(
                        InvocationType.NON_BLOCKING,
                        body -> {
                            deadlines.arrived(connection);
                            begin(intake, body, response, done);
                        },
                        failure -> {
                            deadlines.arrived(connection);
                            int status = isTooLarge(request) ? 413 : 400;
                            refuse(response, done, status, "the body did not come whole, or is too large");
                        }));
    }

    private void begin(BodyIntake intake, byte[] body, Response response, Callback done) {
        try {
            workers.execute(() -> work(intake, body, response, done));
        } catch (RejectedExecutionException e) {
            refuse(response, done, 503, "busy; try again in a second");
        }
    }

    private boolean isTooLarge(Request request) {
        return request.getLength() < 0 && Request.getContentBytesRead(request) > limits.bodyBytes();
    }

    private static void work(BodyIntake intake, byte[] body, Response response, Callback done) {
        try {
            BodyIntake.Answer answer = intake.take(body);
            send(response, done, answer.status(), answer.type(), answer.body());
        } catch (BadBodyException e) {
            refuse(response, done, e.status(), String.valueOf(e.getMessage()));
        } catch (LedgerException e) {
            refuse(response, done, 503, "the ledger could not take it: " + e.code());
        } catch (RuntimeException | Error e) {
            done.failed(e);
            throw e;
        }
    }

    private static void refuse(Response response, Callback callback, int status, String why) {
        if (status == 429 || status == 503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        if (status == 401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        // What the request still brings is not read.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        text(response, callback, status, why + "\n");
    }

    private static void text(Response response, Callback callback, int status, String text) {
        send(response, callback, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void json(Response response, Callback callback, byte[] bytes) {
        send(response, callback, 200, "application/json", bytes);
    }

    private static void send(Response response, Callback callback, int status, String type, byte[] bytes) {
        send(response, callback, status, type, ByteBuffer.wrap(bytes));
    }

    private static void send(Response response, Callback callback, int status, String type, ByteBuffer bytes) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
        response.write(true, bytes, callback);
    }

    private static byte[] resource(String name) {
        try (InputStream stream = Door.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
