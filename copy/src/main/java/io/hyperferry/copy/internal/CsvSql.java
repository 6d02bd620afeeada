package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvFormat;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that put records into a table. */
final class CsvSql {

    /** Lives in the transaction of one batch. */
    private static final String STAGE = "pg_temp.hyperferry_csv";

    private CsvSql() {}

    static String copy(CsvTable table, List<String> columns, CsvFormat format, boolean staged) {
        StringBuilder sql = new StringBuilder("COPY ")
                .append(staged ? STAGE : table.name())
                .append(" (")
                .append(names(columns))
                .append(") FROM STDIN WITH (FORMAT csv, DELIMITER ")
                .append(literal(String.valueOf(format.delimiter())))
                .append(", QUOTE ")
                .append(literal(String.valueOf(format.quote())))
                .append(", ESCAPE ")
                .append(literal(String.valueOf(format.escape())))
                .append(", NULL ")
                .append(literal(format.nullText()))
                .append(", ENCODING ")
                .append(literal(table.encoding()));
        columns(sql, "FORCE_NULL", format.forceNull(), columns);
        columns(sql, "FORCE_NOT_NULL", format.forceNotNull(), columns);
        return sql.append(')').toString();
    }

    private static void columns(StringBuilder sql, String option, List<String> wanted, List<String> there) {
        List<String> both = wanted.stream().filter(there::contains).toList();
        if (!both.isEmpty()) {
            sql.append(", ").append(option).append(" (").append(names(both)).append(')');
        }
    }

    static String createStage(CsvTable table, List<String> columns) {
        return "CREATE TEMPORARY TABLE hyperferry_csv ON COMMIT DROP AS SELECT " + names(columns) + " FROM "
                + table.name() + " WITH NO DATA";
    }

    static String emptyStage() {
        return "TRUNCATE " + STAGE;
    }

    static String insertFromStage(CsvTable table, List<String> columns) {
        return "INSERT INTO " + table.name() + " (" + names(columns) + ") OVERRIDING SYSTEM VALUE SELECT "
                + names(columns) + " FROM " + STAGE + " ON CONFLICT DO NOTHING";
    }

    private static String names(List<String> columns) {
        return columns.stream().map(CsvSql::name).collect(Collectors.joining(", "));
    }

    private static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Right whatever {@code standard_conforming_strings} says. */
    static String literal(String text) {
        String doubled = text.replace("'", "''");
        return doubled.contains("\\") ? "E'" + doubled.replace("\\", "\\\\") + "'" : "'" + doubled + "'";
    }
}
