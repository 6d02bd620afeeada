package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.OwnServer;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresTimescale;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What contradicts itself in the source's catalog is named before anything is read of it or changed, it crashes no server, and what is sound arrives
 * without it.
 */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@RequiresCommunity
@RequiresTimescale("2.29+")
class DamagedCatalogIT {
    private static final String[] SOUND = {
        "CREATE TABLE d (time timestamptz NOT NULL, device int, level int)",
        "SELECT create_hypertable('d', 'time', chunk_time_interval => INTERVAL '1 day')",
        "ALTER TABLE d SET (timescaledb.compress, timescaledb.compress_segmentby = 'device')",
        "INSERT INTO d SELECT t, 1, 2 FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-04 UTC', '1 hour') t",
        "CREATE TABLE sound (time timestamptz NOT NULL, level int)",
        "SELECT create_hypertable('sound', 'time')",
        "INSERT INTO sound SELECT t, 3 FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-02 UTC', '1 hour') t",
        "CREATE TABLE plain (id int PRIMARY KEY)",
        "INSERT INTO plain VALUES (1), (2)",
        "CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous) AS"
                + " SELECT time_bucket('1 day', time) AS day, max(level) FROM sound GROUP BY 1 WITH NO DATA",
    };

    private static final String ID = "(SELECT id FROM _timescaledb_catalog.hypertable WHERE table_name = 'd')";
    private static final String FIRST =
            "(SELECT min(id) FROM _timescaledb_catalog.chunk WHERE hypertable_id = " + ID + ")";

    /** It is started anew when a crash of any process has ended all of them. */
    private static final String CHECKPOINTER =
            "SELECT backend_start FROM pg_stat_activity WHERE backend_type = 'checkpointer'";

    private OwnServer server;

    @BeforeAll
    void start() {
        server = OwnServer.source();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /**
     * A damage.
     *
     * @param object what is named, in part
     * @param blocks whether the migration is refused until it is excluded
     * @param exclude the pattern that leaves it out, or an empty text where nothing needs to be left out
     */
    private record Damage(String name, String object, boolean blocks, String exclude, List<String> sql) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Damage> damages() {
        return Stream.of(
                new Damage(
                        "compressed without a relation",
                        "of public.d",
                        true,
                        "public.d",
                        List.of("UPDATE _timescaledb_catalog.chunk SET status = 3 WHERE id = " + FIRST)),
                new Damage(
                        "a relation without the mark",
                        "of public.d",
                        true,
                        "public.d",
                        List.of(
                                "SELECT compress_chunk(c) FROM show_chunks('d') c",
                                "UPDATE _timescaledb_catalog.chunk SET status = 0 WHERE id = " + FIRST)),
                new Damage(
                        "a chunk without a relation",
                        "of public.d",
                        false,
                        "",
                        List.of(
                                "DO $$ BEGIN EXECUTE (SELECT format('CREATE TABLE keep AS SELECT * FROM %s', relid::regclass) FROM"
                                        + " _timescaledb_catalog.chunk WHERE id = " + FIRST + "); END $$",
                                "UPDATE _timescaledb_catalog.chunk SET relid = 999999 WHERE id = " + FIRST,
                                "DO $$ BEGIN EXECUTE (SELECT format('ALTER TABLE %s NO INHERIT d', inhrelid::regclass) FROM pg_inherits WHERE inhparent ="
                                        + " 'd'::regclass AND inhrelid NOT IN (SELECT relid FROM _timescaledb_catalog.chunk)); END $$")),
                new Damage(
                        "a relation without a chunk",
                        "of public.d",
                        true,
                        "public.d",
                        List.of("DELETE FROM _timescaledb_catalog.chunk WHERE id = " + FIRST)),
                new Damage(
                        "no ranges",
                        "of public.d",
                        true,
                        "public.d",
                        List.of("DELETE FROM _timescaledb_catalog.dimension_slice WHERE chunk_id = " + FIRST)),
                new Damage(
                        "overlapping ranges",
                        "of public.d",
                        true,
                        "public.d",
                        List.of(
                                "UPDATE _timescaledb_catalog.dimension_slice SET range_end = range_end + 3600000000 WHERE chunk_id = "
                                        + FIRST)),
                new Damage(
                        "settings of nothing",
                        "settings of relation",
                        false,
                        "",
                        List.of(
                                "SELECT compress_chunk(c) FROM show_chunks('d') c LIMIT 1",
                                "INSERT INTO _timescaledb_catalog.compression_settings SELECT (jsonb_populate_record(s, '{\"relid\": \"999999\"}')).*"
                                        + " FROM _timescaledb_catalog.compression_settings s LIMIT 1")),
                new Damage(
                        "no dimension",
                        "of public.d",
                        true,
                        "public.d",
                        List.of("DELETE FROM _timescaledb_catalog.dimension WHERE hypertable_id = " + ID)),
                new Damage(
                        "a hypertable without a table",
                        "hypertable public.gone",
                        false,
                        "",
                        List.of(
                                "UPDATE _timescaledb_catalog.hypertable SET table_name = 'gone' WHERE table_name = 'd'")),
                new Damage(
                        "an aggregate without its source",
                        "continuous aggregate public.daily",
                        true,
                        "public.daily",
                        List.of("UPDATE _timescaledb_catalog.continuous_agg SET raw_hypertable_id = 999")),
                new Damage(
                        "an aggregate without its definition",
                        "continuous aggregate public.daily",
                        true,
                        "public.daily",
                        List.of("UPDATE _timescaledb_catalog.continuous_agg SET direct_view_name = 'none'")),
                new Damage(
                        "an aggregate without its view",
                        "continuous aggregate public.daily",
                        false,
                        "",
                        List.of("SET timescaledb.restoring = on; DROP VIEW daily; RESET timescaledb.restoring")),
                new Damage(
                        "a job without its hypertable",
                        "job 1",
                        false,
                        "",
                        List.of(
                                "SELECT add_retention_policy('sound', INTERVAL '100 years')",
                                "SET session_replication_role = replica; UPDATE _timescaledb_catalog.bgw_job SET hypertable_id = 999, config ="
                                        + " '{\"drop_after\": \"1 day\", \"hypertable_id\": 999}' WHERE id >= 1000; RESET session_replication_role")),
                new Damage(
                        "a job without a config",
                        "policy_refresh_continuous_aggregate",
                        false,
                        "",
                        List.of(
                                "SELECT add_job('_timescaledb_functions.policy_refresh_continuous_aggregate'::regproc, INTERVAL '3 days')")));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void a_damage_is_named_crashes_nothing_and_the_rest_arrives(Damage damage, @Target TestDatabase target) {
        TestDatabase from = server.createDatabase("damaged");
        TestDatabase to = target.createSibling("damaged");
        from.execute(SOUND);
        damage.sql().forEach(sql -> from.superuser().execute("SET session_replication_role = replica; " + sql));
        String started = from.value(CHECKPOINTER);
        Migration migration = Migrations.between(from, to);

        if (damage.blocks()) {
            PreflightException refused = catchThrowableOfType(PreflightException.class, migration::run);
            assertThat(refused).isNotNull();
            assertThat(refused.problems()).anySatisfy(problem -> {
                assertThat(problem.code()).isEqualTo(Problem.Code.CATALOG_DAMAGED);
                assertThat(problem.object()).contains(damage.object());
                assertThat(problem.remedy()).contains("--exclude " + damage.exclude());
            });
            assertThat(Migrations.isUntouched(to)).isTrue();
            migration = migration.exclude(damage.exclude());
        }
        MigrationReport report = migration.run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count("SELECT count(*) FROM sound")).isEqualTo(25);
        assertThat(to.count("SELECT count(*) FROM plain")).isEqualTo(2);
        if (!damage.blocks()) {
            assertThat(report.warnings())
                    .anySatisfy(problem -> assertThat(problem.object()).contains(damage.object()));
        }
        assertThat(from.value(CHECKPOINTER)).isEqualTo(started);
        assertThat(target.server().log().orElse("")).doesNotContain("was terminated by signal");
    }
}
