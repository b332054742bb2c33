package org.flopledger.logs.hardware;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.table.TableReader;

/** Reads tables whose first row names the columns. Stateless. */
final class HeadedRows {

    /** Takes a row. */
    interface Taker {

        /** Takes the cells of a row, as many as there are names, and returns whether they make sense. */
        boolean take(List<String> names, List<String> cells);
    }

    private HeadedRows() {}

    /**
     * Reads a table, and counts rows that cannot be used. A row that is the head again, as joined files have, is passed over.
     *
     * @return whether the table has a head
     */
    static boolean read(LogFile file, Taker taker) throws IOException {
        try (InputStream stream = file.open()) {
            var rows = new TableReader(
                    stream,
                    TableReader.charset(file.head()),
                    TableReader.delimiter(TableReader.firstLine(file.head())));
            if (!rows.next()) {
                return false;
            }
            List<String> names = List.copyOf(rows.cells());
            while (rows.next()) {
                if (rows.isTooLong()) {
                    file.reject(RejectionReason.LINE_TOO_LONG, rows.line());
                } else if (rows.cells().size() != names.size()) {
                    file.reject(RejectionReason.UNEVEN_ROW, rows.line());
                } else if (!rows.cells().equals(names) && !taker.take(names, rows.cells())) {
                    file.reject(RejectionReason.MALFORMED_RECORD, rows.line());
                }
            }
            return true;
        }
    }
}
