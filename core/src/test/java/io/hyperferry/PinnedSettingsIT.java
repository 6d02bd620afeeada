package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.internal.jdbc.PinnedSettings;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Settings of databases and roles do not change what a run reads, writes or reports. */
@ExtendWith(TimescaleExtension.class)
@RequiresSuperuser("parameters that only a superuser may set")
class PinnedSettingsIT {
    /** For each pinned setting the value that does most harm. */
    private static final Map<String, String> WORST = new TreeMap<>(Map.ofEntries(
            Map.entry("timescaledb.enable_transparent_decompression", "off"),
            Map.entry("timescaledb.enable_dml_decompression", "off"),
            Map.entry("timescaledb.max_tuples_decompressed_per_dml_transaction", "1"),
            Map.entry("timescaledb.enable_tiered_reads", "on"),
            Map.entry("timescaledb.enable_hypertable_expansion_for_dml", "off"),
            Map.entry("timescaledb.enable_chunk_skipping", "off"),
            Map.entry("timescaledb.enable_direct_compress_copy", "on"),
            Map.entry("timescaledb.enable_direct_compress_copy_client_sorted", "on"),
            Map.entry("timescaledb.enable_direct_compress_copy_sort_batches", "off"),
            Map.entry("timescaledb.enable_direct_compress_insert", "on"),
            Map.entry("timescaledb.enable_direct_compress_insert_client_sorted", "on"),
            Map.entry("timescaledb.enable_direct_compress_insert_sort_batches", "off"),
            Map.entry("timescaledb.enable_direct_compress_on_cagg_refresh", "on"),
            Map.entry("timescaledb.enable_delete_after_compression", "on"),
            Map.entry("timescaledb.enable_foreign_key_propagation", "off"),
            Map.entry("timescaledb.skip_cagg_invalidation", "on"),
            Map.entry("session_replication_role", "replica"),
            Map.entry("row_security", "on"),
            Map.entry("gin_fuzzy_search_limit", "1"),
            Map.entry("restrict_nonsystem_relation_kind", "view, foreign-table"),
            Map.entry("zero_damaged_pages", "on"),
            Map.entry("ignore_checksum_failure", "on"),
            Map.entry("default_transaction_isolation", "serializable"),
            Map.entry("default_transaction_deferrable", "on"),
            Map.entry("statement_timeout", "1s"),
            Map.entry("lock_timeout", "1ms"),
            Map.entry("transaction_timeout", "1s"),
            Map.entry("idle_in_transaction_session_timeout", "1s"),
            Map.entry("idle_session_timeout", "1s"),
            Map.entry("search_path", "app, public"),
            Map.entry("standard_conforming_strings", "off"),
            Map.entry("backslash_quote", "off"),
            Map.entry("transform_null_equals", "on"),
            Map.entry("array_nulls", "off"),
            Map.entry("default_tablespace", "pg_default"),
            Map.entry("default_table_access_method", "hf_heap"),
            Map.entry("quote_all_identifiers", "on"),
            Map.entry("DateStyle", "SQL, DMY"),
            Map.entry("IntervalStyle", "sql_standard"),
            Map.entry("TimeZone", "Asia/Kathmandu"),
            Map.entry("extra_float_digits", "-15"),
            Map.entry("bytea_output", "escape"),
            Map.entry("xmlbinary", "hex"),
            Map.entry("xmloption", "document"),
            Map.entry("lc_monetary", "C.UTF-8")));

    /** Pinned, too, but refused on a target, or on both sides, before anything is changed. */
    private static final Set<String> REFUSED = Set.of("timescaledb.restoring", "default_transaction_read_only");

    /** Settings that change nothing of a run and are good for finding what should not depend on them. */
    private static final Map<String, String> OTHERS = Map.of(
            "client_encoding", "LATIN1",
            "check_function_bodies", "off",
            "enable_seqscan", "off",
            "work_mem", "64kB",
            "client_min_messages", "error");

    private static final String SETTINGS_OF_DATABASE = """
            SELECT coalesce(r.rolname, ''), setting
            FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) setting
            WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
            ORDER BY 1, 2""";

    @Test
    void the_worst_values_are_those_of_all_pinned_settings() {
        Set<String> tried = new TreeSet<>(WORST.keySet());
        tried.addAll(REFUSED);

        assertThat(tried).isEqualTo(new TreeSet<>(PinnedSettings.names()));
    }

    @Test
    @RequiresCommunity
    void under_the_worst_settings_of_both_sides_every_verb_is_right(
            @Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory) throws Exception {
        TestDatabase from = source.createSibling("worst");
        TestDatabase to = target.createSibling("worst");
        TestDatabase other = target.createSibling("worst_import");
        fill(from);
        List<String> rows = facts(from);
        worsen(from);
        set(from, "default_transaction_read_only", "on");
        worsen(to);
        worsen(other);

        Migration migration = Migrations.between(from, to);
        MigrationReport report = migration.run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(facts(to)).isEqualTo(rows);
        // A newer target has settings that the source does not know.
        assertThat(to.rows(SETTINGS_OF_DATABASE)).containsAll(from.rows(SETTINGS_OF_DATABASE));

        assertThat(migration.run().identical()).isTrue();
        assertThat(migration.verify().identical()).isTrue();

        from.execute(
                "SET default_transaction_read_only = off",
                "SET timescaledb.enable_dml_decompression = on",
                "SET timescaledb.enable_hypertable_expansion_for_dml = on",
                "SET timescaledb.max_tuples_decompressed_per_dml_transaction = 0",
                "UPDATE public.h SET f = f + 1 WHERE ts >= '2025-01-02 00:00+00' AND ts < '2025-01-02 05:00+00'",
                "INSERT INTO public.h (ts, seq) VALUES ('2025-01-03 00:00:01+00', 7)",
                "DELETE FROM app.plain WHERE id = 5");
        CatchUpReport caughtUp = migration.catchUp(5);
        assertThat(caughtUp.still()).as(caughtUp.toText()).isTrue();
        assertThat(facts(to)).isEqualTo(facts(from));

        to.execute(
                "SET default_transaction_read_only = off",
                "SET timescaledb.enable_dml_decompression = on",
                "SET timescaledb.enable_hypertable_expansion_for_dml = on",
                "SET timescaledb.max_tuples_decompressed_per_dml_transaction = 0",
                "DELETE FROM public.h WHERE ts = '2025-01-02 01:00+00'",
                "UPDATE app.plain SET id = -1 WHERE id = 7");
        assertThat(migration.verify().identical()).isFalse();
        assertThat(migration.repair().identical()).isTrue();
        assertThat(facts(to)).isEqualTo(facts(from));

        ExportReport exported = Migration.from(from.url())
                .exportTo(directory.resolve("export"))
                .compressed(
                        from.server().timescaleVersion().equals(other.server().timescaleVersion())
                                ? CompressedMode.AS_IS
                                : CompressedMode.ROWS)
                .pgTools(Migrations.tools(to))
                .run();
        assertThat(exported.tables()).isNotEmpty();
        MigrationReport imported = Migration.fromExport(directory.resolve("export"))
                .to(other.url())
                .run();
        assertThat(imported.identical()).as(imported.toText()).isTrue();
        assertThat(facts(other)).isEqualTo(facts(from));

        migration.cleanUp();
        assertThat(to.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'hyperferry'"))
                .isZero();
    }

    @Test
    @AnyEdition
    void a_side_in_restoring_mode_is_refused_with_the_statement_that_ends_it(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("restoring");
        TestDatabase to = target.createSibling("restoring");
        Migrations.fillReadings(from, 2);
        from.execute(
                "ALTER ROLE " + from.user() + " IN DATABASE \"" + from.name() + "\" SET timescaledb.restoring = on");
        to.execute("SELECT timescaledb_pre_restore()");

        PreflightException refused = refusal(Migrations.between(from, to));
        assertThat(refused.problems())
                .extracting(Problem::code, Problem::object)
                .containsExactly(
                        tuple(Problem.Code.RESTORING_MODE, "source"), tuple(Problem.Code.RESTORING_MODE, "target"));
        assertThat(Migrations.isUntouched(to)).isTrue();

        refused.problems()
                .forEach(problem -> (problem.object().equals("source") ? from : to)
                        .execute(problem.remedy().replaceFirst("^Run ", "")));
        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).isTrue();
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(2_880);
    }

    @Test
    @AnyEdition
    void a_target_that_is_read_only_by_default_is_refused_with_the_statement_that_ends_it(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("readonly");
        TestDatabase to = target.createSibling("readonly");
        Migrations.fillReadings(from, 2);
        set(to, "default_transaction_read_only", "on");

        PreflightException refused = refusal(Migrations.between(from, to));

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.TARGET_READ_ONLY);
            assertThat(problem.remedy()).startsWith("Run ALTER ROLE ").contains("; ALTER DATABASE ");
            for (String statement : problem.remedy().replaceFirst("^Run ", "").split("(?<=;) ", -1)) {
                to.execute("SET default_transaction_read_only = off", statement);
            }
        });
        assertThat(Migrations.isUntouched(to)).isTrue();
        assertThat(Migrations.between(from, to).run().identical()).isTrue();
    }

    @Test
    @AnyEdition
    void a_setting_that_the_role_may_not_change_is_refused(@Source TestDatabase source, @Target TestDatabase target)
            throws SQLException {
        TestDatabase from = source.createSibling("forced");
        TestDatabase to = target.createSibling("forced");
        Migrations.fillReadings(from, 1);
        from.superuser().createRole("hf_plain", "LOGIN PASSWORD 'plain'");
        from.superuser()
                .execute(
                        "GRANT pg_read_all_data TO hf_plain",
                        "ALTER ROLE hf_plain IN DATABASE \"" + from.name()
                                + "\" SET session_replication_role = replica");
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(from.jdbcUrl());
        plain.setUser("hf_plain");
        plain.setPassword("plain");

        PreflightException refused = refusal(Migration.from(Database.of(plain).withPassword("plain"))
                .to(to.url())
                .pgTools(Migrations.tools(to)));

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.SETTING_NOT_ALLOWED);
            assertThat(problem.message()).contains("session_replication_role = replica");
            assertThat(problem.remedy())
                    .isEqualTo("Run ALTER ROLE \"hf_plain\" IN DATABASE \"" + from.name()
                            + "\" RESET session_replication_role;");
        });
    }

    @Test
    @AnyEdition
    void a_pool_gets_its_sessions_back_as_it_gave_them(@Source TestDatabase source) throws SQLException {
        TestDatabase from = source.createSibling("pool");
        String state = "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings"
                + " WHERE context IN ('user', 'superuser') AND name <> 'application_name'";
        try (KeptSession session = new KeptSession(from.dataSource())) {
            session.getConnection().createStatement().execute("SET statement_timeout = '77s'");
            String before = session.ask(state);

            try (Connection pinned = Database.of(session).endpoint().connect();
                    Statement statement = pinned.createStatement();
                    ResultSet timeout = statement.executeQuery("SHOW statement_timeout")) {
                assertThat(timeout.next()).isTrue();
                assertThat(timeout.getString(1)).isEqualTo("0");
                assertThat(session.ask(state)).isNotEqualTo(before);
            }

            assertThat(session.ask(state)).isEqualTo(before).contains("statement_timeout=77000");
        }
    }

    @Test
    @RequiresCommunity
    void definitions_with_backslashes_are_the_same_under_one_setting(
            @Source TestDatabase source, @Target TestDatabase target) throws IOException {
        TestDatabase from = source.createSibling("backslash");
        TestDatabase to = target.createSibling("backslash");
        from.execute(script("backslashes.sql"));
        set(from, "standard_conforming_strings", "off");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        for (String query : List.of(
                "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid"
                        + " WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1",
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
                        + " AND connamespace = 'public'::regnamespace ORDER BY 1, 2",
                "SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                        + " WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1",
                "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' AND viewname <> 'daily'",
                "SELECT view_definition FROM timescaledb_information.continuous_aggregates",
                "SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy",
                "SELECT pg_get_function_arguments(oid) FROM pg_proc WHERE proname = 'with_default'",
                "SELECT enumlabel FROM pg_enum ORDER BY 1",
                "SELECT obj_description('plain'::regclass)",
                "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'part_a'",
                "SELECT id, d, gen FROM plain")) {
            assertThat(to.rows(query)).as(query).isEqualTo(from.rows(query)).isNotEmpty();
        }
        assertThat(to.value("SELECT with_default()")).isEqualTo("x\\y");
    }

    @Test
    @RequiresCommunity
    void chunks_keep_the_ranges_by_which_queries_skip_them(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("skipping");
        TestDatabase to = target.createSibling("skipping");
        from.execute(
                "ALTER DATABASE \"" + from.name() + "\" SET timescaledb.enable_chunk_skipping = on",
                "SET timescaledb.enable_chunk_skipping = on",
                "CREATE TABLE m (ts timestamptz NOT NULL, seq bigint, at timestamptz)",
                "SELECT create_hypertable('m', 'ts', chunk_time_interval => INTERVAL '1 day')",
                "SELECT enable_chunk_skipping('m', 'seq'), enable_chunk_skipping('m', 'at')",
                "ALTER TABLE m SET (timescaledb.compress)",
                "INSERT INTO m SELECT t, row_number() OVER (ORDER BY t), t FROM generate_series("
                        + "TIMESTAMPTZ '2025-01-01 00:10Z', '2025-01-04 11:20Z', '10 minutes') t",
                "SELECT compress_chunk(c) FROM show_chunks('m') c LIMIT 1");

        assertThat(Migrations.between(from, to).run().identical()).isTrue();

        for (String query : List.of(
                "SELECT count(*) FROM m WHERE seq BETWEEN 10 AND 20",
                "SELECT count(*) FROM m WHERE seq BETWEEN 300 AND 310",
                "SELECT count(*) FROM m WHERE at < '2025-01-02Z'")) {
            assertThat(to.count(query)).as(query).isEqualTo(from.count(query)).isGreaterThan(10);
        }
    }

    private static PreflightException refusal(Migration migration) {
        return Objects.requireNonNull(
                catchThrowableOfType(PreflightException.class, migration::run), "the run was not refused");
    }

    private static void fill(TestDatabase database) throws IOException {
        database.execute(script("worst.sql"));
    }

    private static String[] script(String name) throws IOException {
        try (InputStream text = Objects.requireNonNull(PinnedSettingsIT.class.getResourceAsStream("pinned/" + name))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).split(";\n", -1);
        }
    }

    private static void worsen(TestDatabase database) {
        Map<String, String> all = new HashMap<>(WORST);
        all.putAll(OTHERS);
        all.forEach((name, value) -> set(database, name, value));
    }

    /** For the database and, what is stronger, for the role in it; a server that does not know a setting is left alone. */
    private static void set(TestDatabase database, String name, String value) {
        if (database.count("SELECT count(*) FROM pg_settings WHERE name = '" + name + "'") == 0) {
            return;
        }
        String list = name.equals("search_path") ? value : "'" + value + "'";
        String reset = String.join("; ", resets());
        for (String scope : List.of(
                "ALTER DATABASE \"" + database.name() + "\"",
                "ALTER ROLE " + database.user() + " IN DATABASE \"" + database.name() + "\"")) {
            database.execute(reset, scope + " SET " + name + " = " + list);
        }
    }

    /** What the test's own sessions need in order to change something. */
    private static List<String> resets() {
        return List.of("SET default_transaction_read_only = off", "SET lock_timeout = 0");
    }

    /** What a user counts, under settings of this session alone. */
    private static List<String> facts(TestDatabase database) throws SQLException {
        List<String> facts = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String name : WORST.keySet()) {
                statement.execute("SELECT set_config(name, boot_val, false) FROM pg_settings WHERE name = '" + name
                        + "' AND name NOT IN ('lc_monetary') AND boot_val IS NOT NULL");
            }
            statement.execute("SELECT set_config('lc_monetary', 'C', false), set_config('TimeZone', 'UTC', false),"
                    + " set_config('search_path', 'app, public', false), set_config('extra_float_digits', '3', false)");
            for (String table :
                    List.of("app.plain", "public.txt", "public.h", "public.h_day", "public.m", "public.d")) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM " + table + " t")) {
                    row.next();
                    facts.add(table + " " + row.getLong(1) + " " + row.getString(2));
                }
            }
            for (String query : List.of(
                    "SELECT count(*) FROM public.m WHERE seq BETWEEN 10 AND 20",
                    "SELECT count(*) FROM public.d WHERE v = 500",
                    "SELECT string_agg(k.status::text, ',' ORDER BY k.id) FROM _timescaledb_catalog.chunk k"
                            + " JOIN _timescaledb_catalog.hypertable h ON h.id = k.hypertable_id"
                            + " WHERE h.table_name = 'd'")) {
                try (ResultSet row = statement.executeQuery(query)) {
                    row.next();
                    facts.add(query + ": " + row.getString(1));
                }
            }
        }
        return facts;
    }

    /** A pool of one session, which several users have at a time. */
    private static final class KeptSession extends org.postgresql.ds.common.BaseDataSource
            implements DataSource, AutoCloseable {
        private final Connection connection;

        KeptSession(DataSource dataSource) throws SQLException {
            connection = dataSource.getConnection();
        }

        @Override
        public Connection getConnection() {
            return (Connection) java.lang.reflect.Proxy.newProxyInstance(
                    KeptSession.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) ->
                            method.getName().equals("close") ? null : method.invoke(connection, arguments));
        }

        String ask(String sql) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            }
        }

        @Override
        public String getDescription() {
            return "one session";
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("not a wrapper for " + type);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
