package org.flopledger.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * The collector's peer: the same server, the same lines, each once by its key, and SQLite behind it with {@code synchronous=FULL}. It
 * adds nothing up and finds nothing.
 */
final class SqliteCollector implements AutoCloseable {

    private static final ObjectReader JSON = new ObjectMapper().reader();
    private static final int MOST_BYTES = 16 << 20;
    private static final int THREADS = 100;

    private final Server server = new Server();
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS);
    private final Connection connection;
    private final PreparedStatement insert;
    private final ServerConnector connector;

    SqliteCollector(Path directory) throws Exception {
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("steps.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute(
                    "CREATE TABLE steps (run TEXT, attempt INTEGER, step INTEGER, source TEXT, stage TEXT, model TEXT,"
                            + " tokens INTEGER, sequences INTEGER, squared_lengths INTEGER, PRIMARY KEY (run, attempt, step, source))"
                            + " WITHOUT ROWID");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT OR IGNORE INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Door());
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    private final class Door extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Content.Source.asByteArrayAsync(
                    request,
                    MOST_BYTES,
                    Promise.Invocable.from(
                            InvocationType.NON_BLOCKING,
                            body -> workers.execute(() -> answer(body, response, callback)),
                            callback::failed));
            return true;
        }

        private void answer(byte[] body, Response response, Callback callback) {
            try {
                keep(body);
                response.write(true, ByteBuffer.wrap(new byte[] {'o', 'k'}), callback);
            } catch (IOException | SQLException e) {
                callback.failed(e);
            }
        }
    }

    private void keep(byte[] body) throws IOException, SQLException {
        JsonNode[] rows = new String(body, StandardCharsets.UTF_8)
                .lines()
                .map(SqliteCollector::parse)
                .toArray(JsonNode[]::new);
        synchronized (connection) {
            for (JsonNode row : rows) {
                insert.setString(1, row.path("run").textValue());
                insert.setInt(2, row.path("attempt").intValue());
                insert.setLong(3, row.path("step").longValue());
                insert.setString(4, row.path("source").textValue());
                insert.setString(5, row.path("stage").textValue());
                insert.setString(6, row.path("model").textValue());
                insert.setLong(7, row.path("tokens").longValue());
                insert.setInt(8, row.path("sequences").intValue());
                insert.setLong(9, row.path("squared_lengths").longValue());
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Returns the number of steps held. */
    long steps() throws SQLException {
        synchronized (connection) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT count(*) FROM steps")) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server could not be stopped", e);
        } finally {
            workers.shutdown();
            connection.close();
        }
    }
}
