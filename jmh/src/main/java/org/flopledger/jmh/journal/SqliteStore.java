package org.flopledger.jmh.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** SQLite as a store of steps: write-ahead log, full synchronisation, one prepared insert, no index. */
final class SqliteStore implements StepStore {

    private static final long GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int PATIENCE_MILLIS = 600_000;

    private final Path directory;
    private final Connection connection;
    private final PreparedStatement insert;
    private final Durability durability;
    private long lastCommitNanos = System.nanoTime();

    SqliteStore(Path directory, Durability durability) throws SQLException {
        this.directory = directory;
        this.durability = durability;
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("steps.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            // Writers of one database wait for each other.
            statement.execute("PRAGMA busy_timeout=" + PATIENCE_MILLIS);
            statement.execute("CREATE TABLE IF NOT EXISTS steps (run TEXT, attempt INTEGER, step INTEGER, source TEXT,"
                    + " started_at INTEGER, ended_at INTEGER, stage INTEGER, model TEXT, tokens INTEGER,"
                    + " sequences INTEGER, squared_lengths INTEGER, device_seconds REAL)");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO steps VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    }

    @Override
    public void keep(Batch batch) throws SQLException {
        for (Row row : batch.rows()) {
            insert.setString(1, row.run());
            insert.setInt(2, row.attempt());
            insert.setLong(3, row.step());
            insert.setString(4, row.source());
            insert.setLong(5, row.startedAt());
            insert.setLong(6, row.endedAt());
            insert.setInt(7, row.stage());
            insert.setString(8, row.model());
            insert.setLong(9, row.tokens());
            insert.setInt(10, row.sequences());
            insert.setLong(11, row.squaredLengths());
            insert.setDouble(12, row.deviceSeconds());
            insert.addBatch();
        }
        insert.executeBatch();
        long now = System.nanoTime();
        if (durability == Durability.FLUSH || now - lastCommitNanos >= GROUP_NANOS) {
            connection.commit();
            lastCommitNanos = System.nanoTime();
        }
    }

    @Override
    public Writer writer() throws SQLException {
        // A connection belongs to one thread at a time.
        SqliteStore own = new SqliteStore(directory, durability);
        return new Writer() {
            @Override
            public void keep(Batch batch) throws SQLException {
                own.keep(batch);
            }

            @Override
            public void close() throws SQLException {
                own.close();
            }
        };
    }

    @Override
    public Sums sums() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*), sum(tokens) FROM steps")) {
            result.next();
            return new Sums(result.getLong(1), result.getLong(2));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.commit();
        insert.close();
        connection.close();
    }
}
