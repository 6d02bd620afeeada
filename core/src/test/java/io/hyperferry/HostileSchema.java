package io.hyperferry;

import io.hyperferry.testkit.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

/** A database full of odd names and rare features, from the resources in {@code hostile}. */
final class HostileSchema {
    private static final List<String> EVERYWHERE = List.of(
            "schemas",
            "types",
            "functions",
            "names",
            "constraints",
            "partitions",
            "hypertables",
            "hypertable-objects",
            "triggers",
            "views",
            "security",
            "comments");

    private HostileSchema() {}

    /** Makes the roles that the schema names, where the server has not got them; they stay there. */
    static void createRoles(TestDatabase database) {
        run(database, "roles");
    }

    /** Fills a database with all that its server can have. */
    static void load(TestDatabase database) {
        createRoles(database);
        EVERYWHERE.forEach(file -> run(database, file));
        if (has(database, "generate_uuidv7")) {
            run(database, "uuid"); // 2.22 and newer
        }
        if (has(database, "enable_chunk_skipping")) {
            run(database, "chunk-skipping");
        }
        if (database.server().community()) {
            loadColumnstore(database);
        }
        run(database, "publications");
        run(database, "settings"); // last: later sessions begin with them
    }

    private static void loadColumnstore(TestDatabase database) {
        run(database, "columnstore");
        if (database.count(
                        "SELECT count(*) FROM pg_attribute"
                                + " WHERE attrelid = to_regclass('_timescaledb_catalog.compression_settings') AND attname = 'index'")
                > 0) {
            run(database, "columnstore-indexes"); // 2.22 and newer
        }
        if (has(database, "add_compaction_policy")) {
            run(database, "direct-compress"); // 2.29 and newer
        }
    }

    /** Whether the extension, not PostgreSQL, has this function. */
    private static boolean has(TestDatabase database, String function) {
        return database.count("SELECT count(*) FROM pg_proc WHERE proname = '" + function
                        + "' AND pronamespace <> 'pg_catalog'::regnamespace")
                > 0;
    }

    private static void run(TestDatabase database, String name) {
        String sql = read(name);
        // As PostgreSQL gets it: the driver is not to look for the ends of statements itself.
        String url = database.jdbcUrl() + "?preferQueryMode=simple&ApplicationName=hyperferry-test";
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setEscapeProcessing(false); // braces are names here
            statement.execute(sql);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("hostile/" + name + ".sql failed on " + database.server(), e);
        }
    }

    private static String read(String name) {
        try (InputStream input = HostileSchema.class.getResourceAsStream("hostile/" + name + ".sql")) {
            return new String(Objects.requireNonNull(input, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
