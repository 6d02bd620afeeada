package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvFormat;
import io.hyperferry.copy.CsvHeader;
import io.hyperferry.copy.CsvInputException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file whose header was looked at, and which can be loaded. For one thread at a time. */
final class CsvFile {

    /** The first version whose server takes {@code \.} for data. */
    private static final int WITHOUT_END_MARK = 18;

    private final int number;
    private final CsvOrigin origin;
    private final CsvTable table;
    private final CsvOptions options;
    private final CsvBuffers buffers;
    private final List<String> columns;

    /** What can be read but once stays open from the look at its header. */
    private @Nullable CsvReader open;

    private CsvFile(int number, CsvOrigin origin, CsvTable table, CsvOptions options, CsvBuffers buffers, Connection to)
            throws SQLException {
        this.number = number;
        this.origin = origin;
        this.table = table;
        this.options = options;
        this.buffers = buffers;
        CsvReader reader = reader();
        boolean kept = false;
        try {
            reader.skipLines(options.cuts().skipLines());
            this.columns = columns(options.shape().header() == CsvHeader.NONE ? new byte[0] : reader.record(), to);
            if (!origin.lasts()) {
                open = reader;
                kept = true;
            }
        } finally {
            if (!kept) {
                close(reader);
            }
        }
    }

    /**
     * Looks at a file, and finds out which columns it has.
     *
     * @throws CsvInputException when it cannot be loaded
     */
    static CsvFile look(
            int number, CsvOrigin origin, CsvTable table, CsvOptions options, CsvBuffers buffers, Connection connection)
            throws SQLException {
        return new CsvFile(number, origin, table, options, buffers, connection);
    }

    String name() {
        return origin.name();
    }

    CsvOrigin origin() {
        return origin;
    }

    /** Where values go, in their order in the file. */
    List<String> columns() {
        return columns;
    }

    /** Begins to read the records after the header. */
    CsvReader open() throws SQLException {
        CsvReader reader = open;
        if (reader != null) {
            open = null;
            return reader;
        }
        reader = reader();
        reader.skipLines(options.cuts().skipLines());
        if (options.shape().header() != CsvHeader.NONE) {
            reader.record();
        }
        return reader;
    }

    private CsvReader reader() throws SQLException {
        CsvFormat format = options.format();
        try {
            return new CsvReader(
                    number,
                    origin.name(),
                    origin.open(table.encoding()),
                    new RecordCutter(
                            format.quote(),
                            format.escape(),
                            table.encoding(),
                            table.serverVersion() < WITHOUT_END_MARK,
                            RecordCutter.LineEnd.UNKNOWN,
                            1),
                    options.cuts(),
                    buffers);
        } catch (IOException e) {
            throw new SQLException(origin.name() + " cannot be read: " + e.getMessage(), "58030", e);
        }
    }

    static void close(CsvReader reader) throws SQLException {
        try {
            reader.close();
        } catch (IOException e) {
            throw new SQLException("a file cannot be closed: " + e.getMessage(), "58030", e);
        }
    }

    private List<String> columns(byte[] header, Connection connection) throws SQLException {
        CsvShape shape = options.shape();
        if (shape.header() != CsvHeader.MATCH) {
            return shape.columns().isEmpty() ? table.columns() : known(shape.columns());
        }
        if (header.length == 0) {
            throw new CsvInputException(origin.name() + " has no header to match the columns of " + table.name()
                    + ": add one, or load it without");
        }
        List<String> names = new ArrayList<>();
        for (String name : CsvFields.of(decoded(header, connection), options.format())) {
            names.add(shape.mapping().getOrDefault(name, name));
        }
        return known(names);
    }

    /** The server knows all of its encodings, and what they are called. */
    private String decoded(byte[] header, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT convert_from(?, ?)")) {
            statement.setBytes(1, header);
            statement.setString(2, table.encoding());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        } catch (SQLException e) {
            if ("22021".equals(e.getSQLState())) {
                throw new CsvInputException(
                        "the header of " + origin.name() + " is not in the encoding " + table.encoding()
                                + ": name the encoding that it has",
                        SafeErrors.clean(e));
            }
            throw e;
        }
    }

    private List<String> known(List<String> names) {
        List<String> unknown =
                names.stream().filter(it -> !table.columns().contains(it)).toList();
        if (!unknown.isEmpty()) {
            throw new CsvInputException(origin.name() + " has values for " + quoted(unknown) + ", but the columns of "
                    + table.name() + " that can be written are " + quoted(table.columns())
                    + ": map names that differ, or name the columns in the order of the file");
        }
        Set<String> seen = new HashSet<>();
        List<String> twice = names.stream().filter(it -> !seen.add(it)).toList();
        if (!twice.isEmpty()) {
            throw new CsvInputException(
                    origin.name() + " has values for " + quoted(twice) + " twice: a column can be there once");
        }
        return names;
    }

    private static String quoted(List<String> names) {
        int most = 40;
        List<String> shown = names.stream()
                .limit(most)
                .map(it -> '"' + (it.length() > 63 ? it.substring(0, 63) + "…" : it) + '"')
                .toList();
        return String.join(", ", shown) + (names.size() > most ? ", …" : "");
    }
}
