package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.Version;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Facts about the server, the database and its TimescaleDB. */
public final class ServerQueries {
    private ServerQueries() {}

    public static ServerInfo read(Queries queries) {
        return queries.list("""
                        SELECT current_database() AS database,
                               (SELECT i.system_identifier::text FROM pg_control_system() i) AS system_identifier,
                               current_user AS user_name, r.rolsuper,
                               current_setting('server_version') AS postgres, pg_is_in_recovery() AS recovery,
                               current_setting('max_connections')::bigint AS max_connections,
                               pg_encoding_to_char(d.encoding) AS encoding,
                               e.extversion, en.nspname AS extension_schema,
                               current_setting('timescaledb.license', true) AS license,
                               CASE WHEN to_regnamespace('_timescaledb_functions') IS NULL
                                    THEN '_timescaledb_internal' ELSE '_timescaledb_functions' END AS function_schema,
                               (SELECT a.default_version FROM pg_available_extensions a WHERE a.name = 'timescaledb')
                                   AS available
                        FROM pg_database d
                        JOIN pg_roles r ON r.rolname = current_user
                        LEFT JOIN pg_extension e ON e.extname = 'timescaledb'
                        LEFT JOIN pg_namespace en ON en.oid = e.extnamespace
                        WHERE d.datname = current_database()
                        """, ServerQueries::server).get(0);
    }

    private static ServerInfo server(Record row) {
        String available = optionalString(row, "available");
        return new ServerInfo(
                string(row, "database"),
                string(row, "system_identifier"),
                string(row, "user_name"),
                flag(row, "rolsuper"),
                Version.parse(string(row, "postgres")),
                timescale(row),
                available == null ? null : Version.parse(available),
                flag(row, "recovery"),
                Math.toIntExact(number(row, "max_connections")),
                string(row, "encoding"));
    }

    private static @Nullable Timescale timescale(Record row) {
        String version = optionalString(row, "extversion");
        return version == null
                ? null
                : new Timescale(
                        Version.parse(version),
                        string(row, "extension_schema"),
                        string(row, "function_schema"),
                        "timescale".equals(optionalString(row, "license")));
    }
}
