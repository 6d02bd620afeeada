package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a repair may not do: lose rows, fire triggers, run beside a run; and what a sample is. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class RepairIT {
    private static final long LOCK = 0x4879_7065_7266_6572L;

    private static TestDatabase source;
    private static TestDatabase targets;

    @BeforeAll
    static void fill(@Source TestDatabase from, @Target TestDatabase to) {
        source = from;
        targets = to;
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int, level int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i % 3, i"
                        + " FROM generate_series(0, 20 * 24 - 1) i",
                "CREATE TABLE devices (id int PRIMARY KEY, name text)",
                "INSERT INTO devices SELECT i, 'device ' || i FROM generate_series(1, 9) i",
                "CREATE TABLE alarms (device int REFERENCES devices ON DELETE CASCADE, level int)",
                "INSERT INTO alarms SELECT i, i FROM generate_series(1, 9) i");
    }

    private static TestDatabase migrated(String name) {
        TestDatabase target = targets.createSibling(name);
        assertThat(Migrations.between(source, target).run().identical()).isTrue();
        return target;
    }

    @Test
    void rows_are_not_lost_when_copying_fails_and_a_repair_needs_no_ledger() {
        TestDatabase target = migrated("failing");
        Migration migration = Migrations.between(source, target);
        migration.cleanUp();
        target.execute(
                "UPDATE readings SET level = -level WHERE time = '2026-01-05 07:00+00'",
                // The source's row has no value in it, which is not known before it is copied.
                "CREATE INDEX odd ON readings ((1 / (level - (4 * 24 + 7))))");

        assertThatThrownBy(migration::repair)
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        it -> assertThat(it.code()).isEqualTo(MigrationException.Code.STEP_FAILED))
                .hasMessageContaining("repair of public.readings (time from TIMESTAMPTZ '2026-01-05 00:00:00+00'");
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(20 * 24);

        target.execute("DROP INDEX odd");
        RepairReport report = migration.repair();
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.repairs()).singleElement().satisfies(it -> {
            assertThat(it.slices()).hasSize(1);
            assertThat(it.deleted()).isEqualTo(24);
            assertThat(it.copied()).isEqualTo(24);
        });
    }

    @Test
    void a_role_that_cannot_keep_triggers_quiet_repairs_tables_without_them_alone() {
        TestDatabase target = migrated("ordinary");
        Migrations.between(source, target).cleanUp();
        target.createRole("hf_ordinary", "LOGIN PASSWORD 'ordinary'");
        target.superuser()
                .execute(
                        "ALTER TABLE readings OWNER TO hf_ordinary",
                        "ALTER TABLE devices OWNER TO hf_ordinary",
                        "ALTER TABLE alarms OWNER TO hf_ordinary");
        Migration migration = Migration.from(source.url())
                .to(Database.of("postgres://hf_ordinary:ordinary@" + target.host() + ":" + target.port() + "/"
                        + target.name()));

        target.execute("DELETE FROM readings WHERE time = '2026-01-05 07:00+00'");
        RepairReport ordinary = migration.repair();
        assertThat(ordinary.repairs()).extracting(it -> it.table().name()).containsExactly("readings");
        assertThat(mismatches(ordinary.comparison())).isEmpty();

        target.execute("UPDATE devices SET name = 'x' WHERE id = 3");
        assertThatThrownBy(migration::repair)
                .isInstanceOf(PreflightException.class)
                .hasMessageContaining("public.devices")
                .hasMessageContaining("session_replication_role");
        assertThat(target.count("SELECT count(*) FROM alarms")).isEqualTo(9);

        // A superuser repairs it, and the foreign key does not follow.
        RepairReport report = Migrations.between(source, target.superuser()).repair();
        assertThat(report.repairs()).extracting(it -> it.table().name()).containsExactly("devices");
        assertThat(mismatches(Migrations.between(source, target).verify())).isEmpty();
    }

    @Test
    void a_repair_does_not_begin_while_a_run_is_under_way() throws SQLException {
        TestDatabase target = migrated("locked");
        try (Connection other = target.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
            assertThatThrownBy(() -> Migrations.between(source, target).repair())
                    .isInstanceOfSatisfying(
                            MigrationException.class,
                            it -> assertThat(it.code()).isEqualTo(MigrationException.Code.ALREADY_RUNNING));
        }
    }

    @Test
    void a_sample_compares_the_same_slices_for_the_same_seed_and_others_for_others() {
        TestDatabase target = migrated("sampled");
        target.execute("UPDATE readings SET level = level + 1");
        Migration migration = Migrations.between(source, target).include("readings");

        MigrationReport report = migration.verify(Sample.percent(20).seed(1));
        List<String> first = mismatches(report);
        assertThat(report.identical()).isFalse();
        assertThat(report.tables()).singleElement().satisfies(it -> {
            assertThat(it.compared()).isEqualTo(4);
            assertThat(it.slices()).isEqualTo(20);
            assertThat(it.rows()).isEqualTo(4 * 24);
        });
        assertThat(report.toText()).contains("A SAMPLE of 20% of the slices (seed 1) is NOT IDENTICAL", "4 of 20");
        assertThat(first)
                .hasSize(4)
                .isEqualTo(mismatches(migration.verify(Sample.percent(20).seed(1))));

        Set<String> all = new HashSet<>(first);
        IntStream.range(2, 6)
                .forEach(seed -> all.addAll(
                        mismatches(migration.verify(Sample.percent(20).seed(seed)))));
        assertThat(all).hasSizeGreaterThan(4);
        assertThat(mismatches(migration.verify(Sample.percent(0.1)))).hasSize(1);
    }

    private static List<String> mismatches(MigrationReport report) {
        return report.tables().stream().flatMap(it -> it.mismatches().stream()).toList();
    }

    @Test
    @RequiresCommunity
    void chunks_come_out_compressed_with_their_own_settings_and_frozen_again() {
        TestDatabase from = source.createSibling("packed_source");
        TestDatabase target = targets.createSibling("packed");
        from.execute(
                "CREATE TABLE packed (time timestamptz NOT NULL, device int, level int)",
                "SELECT create_hypertable('packed', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO packed SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '10 minutes', i % 3, i"
                        + " FROM generate_series(0, 5 * 144 - 1) i",
                "ALTER TABLE packed SET (timescaledb.compress, timescaledb.compress_segmentby = 'device',"
                        + " timescaledb.compress_orderby = 'time')",
                "SELECT compress_chunk(c) FROM show_chunks('packed', older_than => TIMESTAMPTZ '2026-01-03 00:00+00') c",
                "ALTER TABLE packed SET (timescaledb.compress, timescaledb.compress_segmentby = '',"
                        + " timescaledb.compress_orderby = 'level DESC')",
                "SELECT compress_chunk(c) FROM show_chunks('packed', newer_than => TIMESTAMPTZ '2026-01-03 00:00+00',"
                        + " older_than => TIMESTAMPTZ '2026-01-04 00:00+00') c",
                "SELECT _timescaledb_functions.freeze_chunk(c)"
                        + " FROM show_chunks('packed', older_than => TIMESTAMPTZ '2026-01-02 00:00+00') c");
        Migration migration = Migrations.between(from, target).splitBy(Duration.ofHours(6));
        assertThat(migration.run().identical()).isTrue();
        String first = "(SELECT c FROM show_chunks('packed', older_than => TIMESTAMPTZ '2026-01-02 00:00+00') c)";
        target.execute(
                "SELECT _timescaledb_functions.unfreeze_chunk(" + first + ")",
                "UPDATE packed SET level = -level WHERE device = 1 AND time < '2026-01-01 12:00+00'",
                "SELECT compress_chunk(" + first + ")",
                "SELECT _timescaledb_functions.freeze_chunk(" + first + ")",
                "DELETE FROM packed WHERE time >= '2026-01-02 00:00+00' AND time < '2026-01-02 03:00+00'",
                "DELETE FROM packed WHERE time >= '2026-01-03 00:00+00' AND time < '2026-01-04 00:00+00'",
                "INSERT INTO packed VALUES ('2026-01-04 01:05+00', 1, 1), ('2026-01-05 13:05+00', 1, 1)");

        RepairReport report = migration.repair();

        assertThat(report.comparison().summaryOfDifferences()).isEmpty();
        assertThat(report.repairs()).hasSize(5);
        for (List<String> chunk : target.rows(
                "SELECT c::text FROM show_chunks('packed', older_than => TIMESTAMPTZ '2026-01-04 00:00+00') c")) {
            assertThat(target.count("SELECT count(*) FROM ONLY " + chunk.get(0)))
                    .as("rows that are not compressed")
                    .isZero();
        }
        // The mark of a chunk that is partly compressed may stay where others write at the same time.
        assertThat(target.rows(
                        "SELECT status & ~8 AS status FROM _timescaledb_catalog.chunk WHERE status <> 0 ORDER BY 1"))
                .containsExactly(List.of("1"), List.of("1"), List.of("5"));
    }
}
