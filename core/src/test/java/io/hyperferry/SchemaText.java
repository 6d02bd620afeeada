package io.hyperferry;

import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The schema of a database as {@code pg_dump} tells it, for comparing two databases. */
final class SchemaText {
    private static final Pattern ENTRY = Pattern.compile("(?m)^--\\n-- Name: ");
    private static final Pattern NOISE =
            Pattern.compile("(?m)^(SET (default_tablespace|default_table_access_method) = .*|\\\\(un)?restrict .*"
                    + "|-- PostgreSQL database dump complete|--)$\\n?");

    /** PostgreSQL 18 gives such constraints names, and pg_dump tells one that it had to shorten. */
    private static final Pattern NAME_OF_NOT_NULL =
            Pattern.compile("CONSTRAINT (?:\"(?:[^\"]|\"\")*\"|\\S+) (?=NOT NULL)");

    private SchemaText() {}

    /**
     * The entries of a dump, sorted, each with its name and type in the first line. Nothing of TimescaleDB's and Hyperferry's own schemas,
     * no chunk, and no owner is among them.
     *
     * @param tools the server whose tools dump; of two servers, the newer one
     */
    static List<String> entries(TestDatabase database, TestDatabase tools) {
        List<String> command = new ArrayList<>(Migrations.tools(tools).commandFor("pg_dump"));
        command.addAll(List.of(
                "--schema-only", "--no-owner", "--exclude-schema=_timescaledb*", "--exclude-schema=hyperferry"));
        chunks(database).forEach(it -> command.add("--exclude-table=" + it));
        command.addAll(List.of("-h", database.host(), "-p", Integer.toString(database.port())));
        command.addAll(List.of("-U", database.user(), "-d", database.name()));
        return Arrays.stream(ENTRY.split(output(command, database.password())))
                .skip(1) // what a dump begins with
                .map(it -> NOISE.matcher(it).replaceAll("").strip())
                .map(it -> NAME_OF_NOT_NULL.matcher(it).replaceAll(""))
                .sorted()
                .collect(Collectors.toList());
    }

    /** Those outside TimescaleDB's schemas, as patterns that mean themselves. */
    private static List<String> chunks(TestDatabase database) {
        try (Connection connection = database.connect()) {
            DatabaseCatalog catalog = CatalogReader.create().read(connection);
            return catalog.storageRelations().stream()
                    .map(it -> it.name())
                    .filter(it -> !it.schema().startsWith("_timescaledb"))
                    .map(it -> quoted(it.schema()) + "." + quoted(it.name()))
                    .toList();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read " + database, e);
        }
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static String output(List<String> command, String password) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PGPASSWORD", password);
        try {
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException("pg_dump ended with status " + status);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pg_dump ran", e);
        }
    }
}
