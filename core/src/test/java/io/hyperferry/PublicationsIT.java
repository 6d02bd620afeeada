package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Publications come last on the target, cover the ledger as well, and keep no run from its end. */
@RequiresSuperuser("publishes all tables")
@ExtendWith(TimescaleExtension.class)
class PublicationsIT {
    private static final List<String> TABLES = List.of("keyed", "keyless", "h", "parts");

    @Test
    void a_publication_of_all_tables_keeps_no_run_from_its_end(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = filled(source.createSibling("all"));
        TestDatabase to = target.createSibling("all");
        from.execute("CREATE PUBLICATION everything FOR ALL TABLES", "COMMENT ON PUBLICATION everything IS 'all'");
        Migration migration = Migrations.between(from, to);

        assertThat(migration.run().identical()).isTrue();
        assertThat(migration.run().identical()).isTrue();
        assertThat(to.count("SELECT count(*) FROM pg_publication_tables WHERE schemaname = 'hyperferry'"))
                .isPositive();
        to.execute("DROP PUBLICATION everything");
        assertThatThrownBy(migration::run)
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("publication everything");
        to.execute("CREATE PUBLICATION everything FOR ALL TABLES", "COMMENT ON PUBLICATION everything IS 'all'");
        assertThat(migration.run().identical()).isTrue();
    }

    @Test
    void a_ledger_without_replica_identity_gets_one_when_the_run_resumes(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = filled(source.createSibling("former"));
        TestDatabase to = target.createSibling("former");
        from.execute("CREATE PUBLICATION everything FOR ALL TABLES");
        Migration migration = Migrations.between(from, to);
        migration.run();
        to.execute(
                "ALTER TABLE hyperferry.run REPLICA IDENTITY DEFAULT",
                "ALTER TABLE hyperferry.retry REPLICA IDENTITY DEFAULT");

        assertThat(migration.run().identical()).isTrue();
    }

    @Test
    void tables_from_which_the_server_refuses_to_delete_are_named_and_nothing_is_touched(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = filled(source.createSibling("keyless"));
        TestDatabase to = target.createSibling("keyless");
        from.execute("CREATE PUBLICATION everything FOR ALL TABLES");
        Migration migration = Migrations.between(from, to);
        migration.run();
        from.execute(
                "DROP PUBLICATION everything",
                "UPDATE keyed SET v = -1",
                "UPDATE keyless SET v = -1",
                "UPDATE h SET v = -1 WHERE v = 5",
                "UPDATE parts SET v = -1",
                "CREATE PUBLICATION everything FOR ALL TABLES");
        List<?> before = rows(to);

        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::catchUp);
        assertThat(refused.problems())
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(Problem.Code.REPLICA_IDENTITY_MISSING))
                .extracting(Problem::object)
                .containsExactlyInAnyOrder("public.keyless", "public.h", "public.part");
        assertThat(refused.problems().get(0).remedy()).contains("DROP PUBLICATION \"everything\"");
        assertThat(rows(to)).isEqualTo(before);

        to.execute(
                "ALTER TABLE keyless REPLICA IDENTITY FULL",
                "ALTER TABLE h REPLICA IDENTITY FULL",
                "ALTER TABLE part REPLICA IDENTITY FULL");
        CatchUpReport report = migration.catchUp();
        assertThat(report.still()).as(report.toText()).isTrue();
        assertThat(rows(to)).isEqualTo(rows(from));

        to.execute("ALTER TABLE keyless REPLICA IDENTITY DEFAULT", "UPDATE keyed SET v = 0");
        assertThat(migration.repair().repairs()).hasSize(1);
        to.execute("INSERT INTO keyless VALUES (9, 9)");
        refused = catchThrowableOfType(PreflightException.class, migration::repair);
        assertThat(refused.problems()).extracting(Problem::object).containsExactly("public.keyless");

        to.execute("DROP PUBLICATION everything", "ALTER TABLE part REPLICA IDENTITY DEFAULT");
        to.execute("CREATE PUBLICATION parted FOR TABLE parts");
        assertThat(catchThrowableOfType(PreflightException.class, migration::catchUp)
                        .problems())
                .extracting(Problem::object)
                .containsExactly("public.part");
        if (Integer.parseInt(to.server().postgresVersion().split("\\D", 2)[0]) >= 15) {
            to.execute("DROP PUBLICATION parted", "CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA public");
            assertThat(catchThrowableOfType(PreflightException.class, migration::catchUp)
                            .problems())
                    .extracting(Problem::object)
                    .containsExactlyInAnyOrder("public.keyless", "public.part");
        }
    }

    @Test
    @RequiresCommunity
    void the_state_of_aggregates_is_restored_before_publications_and_not_written_under_them(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = filled(source.createSibling("state"));
        TestDatabase to = target.createSibling("state");
        from.execute(
                "CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous) AS"
                        + " SELECT time_bucket('1 day', time) AS day, sum(v) AS v FROM h GROUP BY 1",
                "SELECT add_retention_policy('h', INTERVAL '100 years')",
                "CREATE PUBLICATION everything FOR ALL TABLES");
        Migration migration = Migrations.between(from, to);
        MigrationReport run = migration.run();
        assertThat(run.identical()).as(run.toText()).isTrue();

        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::catchUp);
        assertThat(refused.problems())
                .extracting(Problem::object)
                .contains("public.daily", "_timescaledb_catalog.continuous_aggs_hypertable_invalidation_log");
        to.execute("DROP PUBLICATION everything");
        assertThat(migration.catchUp().still()).isTrue();
    }

    private static TestDatabase filled(TestDatabase database) {
        database.execute(
                "CREATE TABLE keyed (id int PRIMARY KEY, v int)",
                "INSERT INTO keyed SELECT i, i FROM generate_series(1, 10) i",
                "CREATE TABLE keyless (id int, v int)",
                "INSERT INTO keyless VALUES (1, 1), (2, 2)",
                "CREATE TABLE h (time timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('h', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO h SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i"
                        + " FROM generate_series(0, 71) i",
                "CREATE TABLE parts (k int, v int) PARTITION BY LIST (k)",
                "CREATE TABLE part PARTITION OF parts FOR VALUES IN (1)",
                "INSERT INTO parts VALUES (1, 1)");
        return database;
    }

    private static List<?> rows(TestDatabase database) {
        return TABLES.stream()
                .map(table -> database.rows("SELECT * FROM " + table + " ORDER BY " + table + "::text"))
                .toList();
    }
}
