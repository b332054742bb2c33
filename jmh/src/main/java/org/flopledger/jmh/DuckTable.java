package org.flopledger.jmh;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** DuckDB in memory on one thread, with a table of the same rows. */
final class DuckTable implements AutoCloseable {

    private final Connection connection;

    DuckTable(StepData.Order order, long rows) throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET threads = 1");
            statement.execute(StepData.createTable(order, rows));
        }
    }

    /** Runs the group-by and returns the number of groups. */
    long groupBy() {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(StepData.groupBy())) {
            long groups = 0;
            while (result.next()) {
                groups++;
            }
            return groups;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
