package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.ServerInventory;
import io.hyperferry.catalog.ServerSettings;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.catalog.Version;
import java.util.EnumSet;
import java.util.Set;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Facts about the server, the database and its TimescaleDB. */
public final class ServerQueries {
    private ServerQueries() {}

    public static ServerInfo read(Queries queries) {
        ServerInventory inventory = InventoryQueries.read(queries);
        Set<TimescaleFeature> features = features(queries);
        String functionSchema = Features.functionSchema(queries);
        return queries.list("""
                        SELECT current_database() AS database,
                               (SELECT i.system_identifier::text FROM pg_control_system() i) AS system_identifier,
                               current_user AS user_name, r.rolsuper,
                               current_setting('server_version') AS postgres, pg_is_in_recovery() AS recovery,
                               current_setting('max_connections')::bigint AS max_connections,
                               current_setting('max_locks_per_transaction')::bigint
                                   * (SELECT 1 + sum(s.setting::bigint) FROM pg_settings s
                                      WHERE s.name IN ('max_connections', 'max_prepared_transactions', 'max_worker_processes',
                                                       'max_wal_senders', 'autovacuum_max_workers')) AS locks,
                               pg_size_bytes(current_setting('max_wal_size')) AS max_wal_bytes,
                               pg_encoding_to_char(d.encoding) AS encoding,
                               CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu ' WHEN 'b' THEN 'builtin '
                                   ELSE 'libc ' END
                                   || coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', d.datcollate)
                                   AS collation,
                               e.extversion, en.nspname AS extension_schema,
                               current_setting('timescaledb.license', true) AS license,
                               (SELECT a.default_version FROM pg_available_extensions a WHERE a.name = 'timescaledb')
                                   AS available
                        FROM pg_database d
                        JOIN pg_roles r ON r.rolname = current_user
                        LEFT JOIN pg_extension e ON e.extname = 'timescaledb'
                        LEFT JOIN pg_namespace en ON en.oid = e.extnamespace
                        WHERE d.datname = current_database()
                        """, row -> server(row, inventory, functionSchema, features))
                .get(0);
    }

    private static ServerInfo server(
            Record row, ServerInventory inventory, String functionSchema, Set<TimescaleFeature> features) {
        String available = optionalString(row, "available");
        return new ServerInfo(
                string(row, "database"),
                string(row, "system_identifier"),
                string(row, "user_name"),
                flag(row, "rolsuper"),
                Version.parse(string(row, "postgres")),
                timescale(row, functionSchema, features),
                available == null ? null : Version.parse(available),
                flag(row, "recovery"),
                string(row, "encoding"),
                string(row, "collation"),
                new ServerSettings(
                        Math.toIntExact(number(row, "max_connections")),
                        number(row, "locks"),
                        number(row, "max_wal_bytes")),
                inventory);
    }

    private static @Nullable Timescale timescale(Record row, String functionSchema, Set<TimescaleFeature> features) {
        String version = optionalString(row, "extversion");
        return version == null
                ? null
                : new Timescale(
                        Version.parse(version),
                        string(row, "extension_schema"),
                        functionSchema,
                        "timescale".equals(optionalString(row, "license")),
                        features);
    }

    private static Set<TimescaleFeature> features(Queries queries) {
        Set<TimescaleFeature> features = EnumSet.noneOf(TimescaleFeature.class);
        if (hasFunction(queries, "set_adaptive_chunking")) {
            features.add(TimescaleFeature.ADAPTIVE_CHUNKING);
        }
        if (hasSetting(queries, "timescaledb.enable_cagg_window_functions")) {
            features.add(TimescaleFeature.AGGREGATE_WINDOW_FUNCTIONS);
        }
        if (hasFunction(queries, "enable_chunk_skipping")) {
            features.add(TimescaleFeature.CHUNK_SKIPPING);
            // Both came with 2.16, and foreign keys to hypertables left no trace in the catalog.
            features.add(TimescaleFeature.FOREIGN_KEY_TO_HYPERTABLE);
        }
        if (Features.hasColumn(queries, "compression_settings", "index")) {
            features.add(TimescaleFeature.COLUMNSTORE_INDEX);
        }
        if (hasFunction(queries, "add_compaction_policy")) {
            features.add(TimescaleFeature.DIRECT_COMPRESS);
        }
        if (hasSetting(queries, "timescaledb.skip_cagg_invalidation")) {
            features.add(TimescaleFeature.SKIP_AGGREGATE_INVALIDATION);
        }
        if (queries.holds("EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                + " WHERE n.nspname = 'timescaledb_experimental' AND p.proname = 'time_bucket_ng')")) {
            features.add(TimescaleFeature.EXPERIMENTAL_BUCKETS);
        }
        if (Features.hasColumn(queries, "compression_settings", "compress_relid")) {
            features.add(TimescaleFeature.COMPRESSED_RELATION);
        }
        if (hasSetting(queries, "timescaledb.enable_direct_compress_copy")) {
            features.add(TimescaleFeature.DIRECT_COMPRESS_COPY);
        }
        if (hasArgument(queries, "alter_job", "job_name")) {
            // Both came with 2.20, and what constraints may be added left no trace in the catalog.
            features.add(TimescaleFeature.COLUMNSTORE_CONSTRAINTS);
            features.add(TimescaleFeature.JOB_NAME);
        }
        if (hasArgument(queries, "alter_job", "fixed_schedule")) {
            features.add(TimescaleFeature.JOB_SCHEDULE);
        }
        if (hasArgument(queries, "add_compression_policy", "hypercore_use_access_method")) {
            features.add(TimescaleFeature.HYPERCORE_ACCESS_METHOD);
        }
        if (hasFunction(queries, "add_process_hypertable_invalidations_policy")) {
            features.add(TimescaleFeature.HYPERTABLE_INVALIDATIONS);
        }
        return features;
    }

    /** An argument with a default, which stands before the columns of the result. */
    private static boolean hasArgument(Queries queries, String function, String argument) {
        return queries.holds("""
                EXISTS (SELECT FROM pg_extension e JOIN pg_proc p ON p.pronamespace = e.extnamespace
                    WHERE e.extname = 'timescaledb' AND p.proname = ?
                      AND CAST(? AS text) = ANY (p.proargnames[1:p.pronargs]))""", function, argument);
    }

    private static boolean hasSetting(Queries queries, String name) {
        return queries.holds("EXISTS (SELECT FROM pg_settings s WHERE s.name = ?)", name);
    }

    private static boolean hasFunction(Queries queries, String name) {
        return queries.holds("""
                EXISTS (SELECT FROM pg_extension e JOIN pg_proc p ON p.pronamespace = e.extnamespace
                    WHERE e.extname = 'timescaledb' AND p.proname = ?)""", name);
    }
}
