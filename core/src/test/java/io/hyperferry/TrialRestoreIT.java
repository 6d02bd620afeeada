package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the target's server refuses of a schema is found before anything is changed, and can be left behind. */
@ExtendWith(TimescaleExtension.class)
class TrialRestoreIT {
    private static final String[] SOUND = {
        "CREATE TABLE readings (time timestamptz NOT NULL, device int, level float)",
        "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
        "INSERT INTO readings SELECT t, 1, 2 FROM generate_series(TIMESTAMPTZ '2026-01-01', '2026-01-03', '1 hour') t",
        "CREATE FUNCTION doubled(v float) RETURNS float LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN v * 2; END'",
        "CREATE VIEW sound AS SELECT device, doubled(level) AS level FROM readings",
    };

    /** Each works where it is, and the server would not take its definition again. */
    private static final String[] BROKEN = {
        "CREATE INDEX by_double ON readings (doubled(level))",
        "CREATE TABLE computed (id int PRIMARY KEY, level float, twice float GENERATED ALWAYS AS (doubled(level)) STORED)",
        "CREATE VIEW of_computed AS SELECT twice FROM computed",
        "COMMENT ON VIEW of_computed IS 'needs the table'",
        "ALTER FUNCTION doubled(float) VOLATILE",
    };

    private static final String[] BROKEN_OF_THE_COMMUNITY = {
        "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device')",
        "SELECT compress_chunk(c) FROM (SELECT show_chunks('readings') c LIMIT 1) first",
        "DO $$ BEGIN EXECUTE (SELECT format('CREATE VIEW monitoring AS SELECT count(*) FROM %I.%I', schemaname, tablename)"
                + " FROM pg_tables WHERE schemaname = '_timescaledb_internal' AND tablename LIKE '%compress%' AND tablename LIKE '%chunk%'); END $$",
        "CREATE FUNCTION tripled(v float) RETURNS float LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN v * 3; END'",
        "CREATE TABLE different (level float, CONSTRAINT thrice EXCLUDE USING btree (tripled(level) WITH =))",
        "INSERT INTO different VALUES (1), (2)",
        "ALTER FUNCTION tripled(float) VOLATILE",
        "CREATE PROCEDURE work(job int, config jsonb) LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE FUNCTION accepts(config jsonb) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'",
        "SELECT add_job('work', '1 day', check_config => 'accepts'::regproc, initial_start => '2100-01-01')",
        "CREATE OR REPLACE FUNCTION accepts(config jsonb) RETURNS void LANGUAGE plpgsql AS 'BEGIN RAISE ''no config''; END'",
    };

    @Test
    void objects_that_the_target_refuses_are_named_with_what_needs_them_and_can_be_excluded(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("refused");
        TestDatabase to = target.createSibling("refused");
        from.execute(SOUND);
        from.execute(BROKEN);
        Migration migration = Migrations.between(from, to);

        List<Problem> problems = refused(migration);

        assertThat(problems)
                .extracting(Problem::object)
                .containsExactlyInAnyOrder("TABLE public.computed", "INDEX public.by_double");
        assertThat(problems).allMatch(problem -> problem.code() == Problem.Code.SCHEMA_REFUSED);
        assertThat(problems.get(0).message())
                .isEqualTo(
                        "the target refuses it: generation expression is not immutable [SQLState 42P17]; it is needed by VIEW"
                                + " public.of_computed, CONSTRAINT public.computed computed_pkey.");
        assertThat(problems.get(0).remedy()).endsWith("--exclude public.computed.");
        assertThat(problems.get(1).remedy()).endsWith("--exclude index:public.by_double.");
        assertThat(Migrations.isUntouched(to)).isTrue();

        MigrationReport report =
                migration.exclude("public.computed", "index:public.by_double").run();

        assertThat(report.identical()).isTrue();
        assertThat(report.leftOut()).anyMatch(line -> line.startsWith("INDEX public.by_double: excluded"));
        assertThat(to.count("SELECT count(*) FROM sound")).isEqualTo(49);
        assertThat(to.value("SELECT to_regclass('public.by_double')")).isNull();
        assertThat(migration
                        .exclude("public.computed", "index:public.by_double")
                        .verify()
                        .identical())
                .isTrue();
    }

    @Test
    @RequiresCommunity
    void five_broken_objects_are_named_and_nothing_else(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("five");
        TestDatabase to = target.createSibling("five");
        from.execute(SOUND);
        from.execute(BROKEN);
        from.execute(BROKEN_OF_THE_COMMUNITY);
        Migration migration = Migrations.between(from, to);

        List<Problem> problems = refused(migration);

        assertThat(problems)
                .extracting(Problem::object)
                .containsExactlyInAnyOrder(
                        "TABLE public.computed",
                        "INDEX public.by_double",
                        "VIEW public.monitoring",
                        "CONSTRAINT public.different thrice",
                        "job public.work");
        assertThat(Migrations.isUntouched(to)).isTrue();

        MigrationReport report = migration
                .exclude(
                        "public.computed",
                        "index:public.by_double",
                        "public.monitoring",
                        "constraint:public.different thrice",
                        "job:public.work")
                .run();

        assertThat(report.identical()).isTrue();
        assertThat(report.leftOut()).contains("job public.work: excluded");
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(49);
        assertThat(to.count("SELECT count(*) FROM pg_proc WHERE proname IN ('doubled', 'tripled', 'work', 'accepts')"))
                .isEqualTo(4);
        assertThat(to.count("SELECT count(*) FROM different")).isEqualTo(2);
    }

    @Test
    void an_excluded_object_takes_with_it_what_needs_it_but_no_table_that_is_not_named(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("taken");
        TestDatabase to = target.createSibling("taken");
        from.execute(SOUND);
        from.execute(
                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                "CREATE TABLE people (id int, mood mood)",
                "CREATE FUNCTION mine() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "ALTER TABLE readings ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY mine ON readings USING (mine())",
                "CREATE SEQUENCE numbers");
        Migration migration = Migrations.between(from, to);

        assertThat(refused(migration.exclude("type:public.mood", "function:no_such(*)", "job:none")))
                .extracting(problem -> problem.code() + " " + problem.object())
                .containsExactlyInAnyOrder("FILTER_MATCHES_NOTHING job:none");
        assertThat(refused(migration.exclude("type:public.mood", "function:no_such(*)")))
                .extracting(problem -> problem.code() + " " + problem.object())
                .containsExactlyInAnyOrder(
                        "FILTER_MATCHES_NOTHING function:no_such(*)", "EXCLUDE_INCOMPLETE public.people");
        assertThat(Migrations.isUntouched(to)).isTrue();

        MigrationReport report = migration
                .exclude("type:public.mood", "table:people", "function:*.mine()", "sequence:public.numbers")
                .run();

        assertThat(report.identical()).isTrue();
        assertThat(report.leftOut())
                .contains(
                        "TYPE public.mood: excluded",
                        "FUNCTION public.mine(): excluded",
                        "POLICY public.readings mine: needs FUNCTION public.mine(), which is skipped",
                        "SEQUENCE public.numbers: excluded");
        assertThat(to.count("SELECT count(*) FROM pg_policy")).isZero();
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(49);
    }

    @Test
    void a_plan_names_what_is_refused_and_leaves_nothing_behind(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("planned");
        TestDatabase to = target.createSibling("planned");
        from.execute(SOUND);
        from.execute(BROKEN);

        MigrationPlan plan = Migrations.between(from, to).plan();

        assertThat(plan.isBlocked()).isTrue();
        assertThat(plan.toString()).contains("SCHEMA_REFUSED", "--exclude public.computed");
        assertThat(Migrations.isUntouched(to)).isTrue();
    }

    private static List<Problem> refused(Migration migration) {
        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::run);
        assertThat(refused).isNotNull();
        return refused.problems().stream().filter(Problem::blocks).toList();
    }
}
