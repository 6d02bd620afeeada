package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.CatchUpReport.Outcome;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A catch-up looks at the structure first: it creates what is new, refuses what rows do not fit into, and lists the rest. */
@ExtendWith(TimescaleExtension.class)
class CatchUpStructureIT {
    private static final Pattern STATEMENTS = Pattern.compile("(?:Run|Drop it) on the target: (?<sql>.*?;)(?: |$)");
    private static final String HOURS =
            "INSERT INTO %s SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i"
                    + " FROM generate_series(0, 71) i";

    private TestDatabase from;
    private TestDatabase to;
    private Migration migration;

    @BeforeEach
    void connect(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        to.letTriggersRest();
        migration = Migrations.between(from, to);
    }

    private void hypertable(String name) {
        from.execute(
                "CREATE TABLE " + name + " (time timestamptz NOT NULL, level int)",
                "SELECT create_hypertable('" + name + "', 'time', chunk_time_interval => INTERVAL '1 day')",
                HOURS.replace("%s", name));
    }

    private CatchUpReport caughtUp(Outcome outcome) {
        CatchUpReport report = migration.catchUp();
        assertThat(report.outcome()).as(report.toText()).isEqualTo(outcome);
        return report;
    }

    private void assertIdentical() {
        MigrationReport report = migration.verify();
        assertThat(report.identical()).as(report.summaryOfDifferences()).isTrue();
    }

    private void assertSame(String query) {
        assertThat(to.rows(query)).as(query).isEqualTo(from.rows(query));
    }

    /** Executes on the target what the problems of a refusal say, until nothing is refused any more. */
    private void mend() {
        for (int round = 0; round < 5; round++) {
            PreflightException refused = catchThrowableOfType(PreflightException.class, migration::catchUp);
            if (refused == null) {
                return;
            }
            for (Problem problem : refused.problems()) {
                assertThat(problem.code()).isEqualTo(Problem.Code.TABLE_CHANGED);
                Matcher statements = STATEMENTS.matcher(problem.remedy());
                assertThat(statements.find()).as(problem.toString()).isTrue();
                to.execute(statements.group("sql"));
            }
        }
    }

    @Test
    void a_column_of_another_type_is_refused_before_any_row_is_touched() {
        hypertable("readings");
        from.execute(
                "CREATE TABLE points (id int PRIMARY KEY, n bigint, t timestamp, r int)",
                "INSERT INTO points SELECT i, i, '2026-01-01', i FROM generate_series(1, 20) i");
        migration.run();
        from.execute(
                "SET timezone = 'UTC'",
                "ALTER TABLE points ALTER n TYPE float8, ALTER t TYPE timestamptz, ALTER r TYPE real",
                "ALTER TABLE readings ALTER level TYPE real",
                "INSERT INTO points VALUES (21, 2.5, '2026-01-02', 2.5)",
                "INSERT INTO readings VALUES ('2026-01-01 00:30+00', 1.5)");

        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::catchUp);

        assertThat(refused.problems())
                .hasSize(4)
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(Problem.Code.TABLE_CHANGED));
        assertThat(refused)
                .hasMessageContaining("column n has the type double precision on the source and bigint on the target");
        assertThat(to.rows("SELECT count(*), sum(n), sum(r) FROM points")).containsExactly(List.of("20", "210", "210"));
        assertThat(to.rows("SELECT count(*), sum(level) FROM readings")).containsExactly(List.of("72", "2556"));
        assertThat(migration.verify().identical()).isFalse();
        assertThat(migration.repair().repairs()).isEmpty();
        assertThat(to.rows("SELECT count(*), sum(n), sum(r) FROM points")).containsExactly(List.of("20", "210", "210"));

        mend();
        caughtUp(Outcome.IDENTICAL);
        assertIdentical();
        assertSame("SELECT * FROM points ORDER BY id");
        assertSame("SELECT * FROM readings ORDER BY time, level");
    }

    @Test
    void what_rows_would_violate_is_refused_and_the_remedy_as_printed_helps() {
        from.execute(
                "CREATE TYPE mood AS ENUM ('calm', 'glad')",
                "CREATE DOMAIN score AS int CHECK (value < 10)",
                "CREATE TABLE checked (id int PRIMARY KEY, v int CHECK (v > 0), u int UNIQUE, nn int NOT NULL)",
                "CREATE UNIQUE INDEX once ON checked ((v + 1))",
                "CREATE TABLE typed (m mood, s score)",
                "CREATE TABLE swapped (id int PRIMARY KEY, a int, b int, gone int)",
                "INSERT INTO checked VALUES (1, 1, 1, 1)",
                "INSERT INTO typed VALUES ('calm', 1)",
                "INSERT INTO swapped VALUES (1, 10, 20, 30)");
        migration.run();
        from.execute(
                "ALTER TYPE mood ADD VALUE 'wild'",
                "ALTER TABLE checked DROP CONSTRAINT checked_v_check, DROP CONSTRAINT checked_u_key, ALTER nn DROP NOT NULL",
                "DROP INDEX once",
                "INSERT INTO checked VALUES (2, -1, 1, NULL), (3, -1, 1, NULL)",
                "ALTER TABLE swapped DROP COLUMN gone, ADD COLUMN fresh text DEFAULT 'new'");
        from.execute("INSERT INTO typed VALUES ('wild', 2)");

        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::catchUp);

        assertThat(refused.problems())
                .extracting(Problem::object)
                .containsExactlyInAnyOrder(
                        "public.checked",
                        "public.checked",
                        "public.checked",
                        "public.checked",
                        "public.mood",
                        "public.swapped",
                        "public.swapped");
        assertThat(to.count("SELECT count(*) FROM checked")).isEqualTo(1);
        mend();
        // The default of a column is followed by nobody, and hides nothing: the values are copied.
        CatchUpReport report = caughtUp(Outcome.IDENTICAL_EXCEPT);
        assertThat(report.differences()).singleElement().asString().contains("column public.swapped.fresh, default");
        assertSame("SELECT * FROM checked ORDER BY id");
        assertSame("SELECT * FROM swapped");
        assertSame("SELECT * FROM typed ORDER BY s");
        to.execute("ALTER TABLE swapped ALTER fresh SET DEFAULT 'new'");
        caughtUp(Outcome.IDENTICAL);
        assertIdentical();
    }

    @Test
    void new_tables_and_partitions_are_created_and_copied() {
        from.execute(
                "CREATE TABLE parts (id int NOT NULL, d date NOT NULL, v text, PRIMARY KEY (id, d)) PARTITION BY RANGE (d)",
                "CREATE INDEX parts_v ON parts (v)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                "INSERT INTO parts SELECT i, DATE '2026-01-01' + i, 'v' || i FROM generate_series(0, 20) i",
                "CREATE TABLE renamed (id int PRIMARY KEY, t text)",
                "INSERT INTO renamed VALUES (1, 'x')",
                "CREATE TABLE remade (id int PRIMARY KEY, t text)",
                "INSERT INTO remade VALUES (1, 'x'), (2, 'y')");
        migration.run();
        from.execute(
                "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
                "INSERT INTO parts VALUES (100, '2026-02-05', 'new'), (101, '2026-01-05', 'old')",
                "CREATE SCHEMA later",
                "CREATE TYPE later.mood AS ENUM ('calm', 'glad')",
                "CREATE FUNCTION later.one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
                "CREATE TABLE later.notes (id serial PRIMARY KEY, m later.mood, n int DEFAULT later.one(), UNIQUE (n, id))",
                "INSERT INTO later.notes (m) SELECT 'glad' FROM generate_series(1, 5)",
                "CREATE TABLE later.links (note int REFERENCES later.notes, other int REFERENCES renamed)",
                "INSERT INTO later.links VALUES (1, 1)",
                "CREATE TABLE later.empty (id int)",
                "CREATE VIEW later.glad AS SELECT count(*) FROM later.notes WHERE m = 'glad'",
                "CREATE INDEX renamed_t ON renamed (t)",
                "COMMENT ON TABLE later.notes IS 'added meanwhile'",
                "DROP TABLE remade",
                "CREATE TABLE remade (id int PRIMARY KEY, t text)",
                "INSERT INTO remade VALUES (1, 'other')");

        CatchUpReport report = caughtUp(Outcome.IDENTICAL);

        assertThat(report.passes().get(0).created())
                .anySatisfy(line -> assertThat(line).isEqualTo("TABLE public.parts_2: created"));
        assertIdentical();
        for (String table : List.of("parts", "later.notes", "later.links", "later.glad", "remade")) {
            assertSame("SELECT * FROM " + table + " ORDER BY 1, 2".substring(0, table.equals("later.glad") ? 11 : 14));
        }
        assertSame("SELECT count(*) FROM pg_indexes WHERE tablename LIKE 'parts%'");
        assertThat(migration.run().identical()).isTrue();

        from.execute(
                "INSERT INTO later.empty VALUES (1)",
                "DELETE FROM later.notes WHERE id = 2",
                "ALTER TABLE renamed RENAME TO named");
        report = caughtUp(Outcome.IDENTICAL_EXCEPT);
        assertThat(report.differences())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("table public.renamed: source (missing), target PLAIN")
                        .contains("Drop it on the target"));
        assertSame("SELECT * FROM named");
        assertSame("SELECT * FROM later.empty");
        to.execute("DROP TABLE renamed CASCADE");
        caughtUp(Outcome.IDENTICAL);
        assertIdentical();
    }

    @Test
    @RequiresCommunity
    void new_hypertables_and_aggregates_are_created_with_their_definitions() {
        hypertable("readings");
        from.execute("CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous) AS"
                + " SELECT time_bucket('1 day', time) AS day, sum(level) AS level FROM readings GROUP BY 1");
        migration.run();
        hypertable("\"Odd name\"");
        from.execute(
                "ALTER TABLE \"Odd name\" SET (timescaledb.compress, timescaledb.compress_segmentby = 'level')",
                "SELECT compress_chunk(c) FROM show_chunks('\"Odd name\"') c LIMIT 2",
                "CREATE INDEX odd ON \"Odd name\" (level, time)",
                "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS"
                        + " SELECT time_bucket('1 hour', time) AS hour, avg(level) AS level FROM \"Odd name\" GROUP BY 1",
                "CREATE MATERIALIZED VIEW weekly WITH (timescaledb.continuous) AS"
                        + " SELECT time_bucket('7 days', day) AS week, sum(level) AS level FROM daily GROUP BY 1",
                "DROP MATERIALIZED VIEW weekly",
                "CREATE VIEW above AS SELECT * FROM hourly");

        CatchUpReport report = migration.catchUp();

        boolean stated = to.user().equals(to.superuser().user());
        assertThat(report.outcome())
                .as(report.toText())
                .isEqualTo(stated ? Outcome.IDENTICAL : Outcome.IDENTICAL_EXCEPT);
        assertSame("SELECT * FROM \"Odd name\" ORDER BY 1");
        assertSame("SELECT * FROM above ORDER BY 1");
        if (stated) {
            assertIdentical();
        }

        from.execute("INSERT INTO \"Odd name\" VALUES ('2026-01-02 00:30+00', 7), ('2026-02-02 00:30+00', 8)");
        migration.catchUp();
        assertSame("SELECT * FROM \"Odd name\" ORDER BY 1, 2");
        assertThat(migration.run().identical()).isTrue();

        from.execute(
                "DROP MATERIALIZED VIEW hourly CASCADE",
                "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS"
                        + " SELECT time_bucket('1 hour', time) AS hour, avg(level + 1) AS level FROM \"Odd name\" GROUP BY 1");
        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::catchUp);
        assertThat(refused).hasMessageContaining("public.hourly: the continuous aggregate has another definition");
        to.execute("DROP MATERIALIZED VIEW hourly CASCADE");
        migration.catchUp();
        assertSame("SELECT * FROM hourly ORDER BY 1");
    }

    @Test
    void what_is_not_followed_is_listed_with_a_remedy() {
        hypertable("readings");
        from.execute(
                "CREATE SEQUENCE numbers",
                "CREATE TABLE notes (id int PRIMARY KEY)",
                "INSERT INTO notes VALUES (1)",
                "CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM notes");
        migration.run();
        caughtUp(Outcome.IDENTICAL);
        from.execute(
                "SELECT set_chunk_time_interval('readings', INTERVAL '6 hours')",
                "ALTER SEQUENCE numbers INCREMENT 10",
                "COMMENT ON TABLE notes IS 'changed'",
                "INSERT INTO notes VALUES (2)",
                "REFRESH MATERIALIZED VIEW counted",
                "INSERT INTO readings VALUES ('2026-03-01 00:00+00', 1)");

        CatchUpReport report = caughtUp(Outcome.IDENTICAL_EXCEPT);

        assertThat(report.differences())
                .hasSize(4)
                .anySatisfy(
                        line -> assertThat(line).contains("dimension public.readings.time", "set_chunk_time_interval"))
                .anySatisfy(line -> assertThat(line).contains("sequence public.numbers, increment", "ALTER SEQUENCE"))
                .anySatisfy(line -> assertThat(line).contains("table public.notes, comment"))
                .anySatisfy(line -> assertThat(line).contains("public.counted", "REFRESH MATERIALIZED VIEW"));
        assertThat(report.toText()).contains("Not followed:", "CAUGHT UP: all rows are identical");
        to.execute(
                "SELECT set_chunk_time_interval('readings', INTERVAL '6 hours')",
                "ALTER SEQUENCE numbers INCREMENT 10",
                "COMMENT ON TABLE notes IS 'changed'",
                "REFRESH MATERIALIZED VIEW counted");
        caughtUp(Outcome.IDENTICAL);
        assertIdentical();
    }

    @Test
    void what_the_filters_exclude_and_what_needs_it_is_neither_created_nor_listed() {
        from.execute("CREATE TABLE kept (id int PRIMARY KEY)", "INSERT INTO kept VALUES (1)");
        migration = migration.exclude("public.private*");
        from.execute("CREATE TABLE private_1 (id int PRIMARY KEY)");
        migration.run();
        from.execute(
                "CREATE TABLE private_2 (id int PRIMARY KEY)",
                "CREATE VIEW above AS SELECT * FROM private_2",
                "CREATE TABLE fresh (id int REFERENCES private_2)");

        caughtUp(Outcome.IDENTICAL);

        assertThat(
                        to.rows(
                                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"))
                .containsExactly(List.of("fresh"), List.of("kept"));
        assertThat(migration.run().identical()).isTrue();
    }

    @Test
    void a_new_trigger_that_always_fires_and_a_setting_that_was_reset_are_listed() {
        String database =
                from.rows("SELECT quote_ident(current_database())").get(0).get(0);
        from.execute(
                "CREATE TABLE notes (id int PRIMARY KEY, v int)",
                "INSERT INTO notes VALUES (1, 1)",
                "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.v := 0; RETURN new; END'",
                "ALTER DATABASE " + database + " SET work_mem = '5MB'");
        migration.run();
        from.execute(
                "CREATE TRIGGER plain BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION touch()",
                "CREATE TRIGGER always BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION touch()",
                "ALTER TABLE notes ENABLE ALWAYS TRIGGER always",
                "INSERT INTO notes VALUES (2, 2)",
                "UPDATE notes SET v = 2 WHERE id = 2",
                "ALTER DATABASE " + database + " RESET work_mem");

        CatchUpReport report = caughtUp(Outcome.IDENTICAL_EXCEPT);

        assertThat(report.differences())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("TRIGGER public.notes always was not created on the target: it would fire"))
                .anySatisfy(line -> assertThat(line).startsWith("trigger always on public.notes: source present"))
                .anySatisfy(line -> assertThat(line).startsWith("setting work_mem: source (missing), target 5MB"));
        assertSame("SELECT * FROM notes ORDER BY id");
        assertThat(to.count("SELECT count(*) FROM pg_trigger WHERE tgname = 'plain'"))
                .isEqualTo(1);
    }

    @Test
    void rows_that_somebody_changed_on_the_target_are_found() {
        from.execute("CREATE TABLE notes (id int PRIMARY KEY, t text)", "INSERT INTO notes VALUES (1, 'x')");
        migration.run();
        to.execute("UPDATE notes SET t = 'changed'");

        CatchUpReport report = caughtUp(Outcome.DIFFERENT);

        assertThat(report.still()).isTrue();
        assertThat(report.mismatches()).singleElement().asString().startsWith("public.notes, whole table");
        assertThat(migration.repair().identical()).isTrue();
        caughtUp(Outcome.IDENTICAL);
    }
}
