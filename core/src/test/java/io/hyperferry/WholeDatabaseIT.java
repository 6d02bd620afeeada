package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A database with one of each thing has moved; each test looks at one of them. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeDatabaseIT {
    private final List<MigrationEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final MigrationReport report;

    WholeDatabaseIT(@Source TestDatabase source, @Target TestDatabase target) {
        fill(source);
        report = Migrations.between(source, target)
                .splitBy(Duration.ofHours(6))
                .listener(events::add)
                .run();
    }

    private static void fill(TestDatabase source) {
        source.execute(
                "CREATE SCHEMA \"we ird\"",
                // The spare type makes the labels' OIDs differ between the servers.
                "CREATE TYPE spare AS ENUM ('x', 'y', 'z')",
                "DROP TYPE spare",
                "CREATE TYPE state AS ENUM ('on', 'off')",
                "CREATE TABLE sensors (id serial PRIMARY KEY, name text NOT NULL UNIQUE, installed date,"
                        + " state state NOT NULL DEFAULT 'on')",
                "CREATE TABLE readings (time timestamptz NOT NULL, sensor_id int NOT NULL REFERENCES sensors,"
                        + " level numeric(5,2), note json, doubled numeric GENERATED ALWAYS AS (level * 2) STORED,"
                        + " CHECK (level >= 0))",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE readings ADD PRIMARY KEY (sensor_id, time)",
                "CREATE INDEX by_level ON readings (level) WHERE level > 50",
                "INSERT INTO sensors (name, installed) SELECT 'sensor ' || i, DATE '2020-01-01' + i"
                        + " FROM generate_series(1, 20) i",
                "INSERT INTO readings (time, sensor_id, level, note)"
                        + " SELECT t, 1 + (extract(epoch FROM t)::bigint / 60) % 20, (extract(epoch FROM t)::bigint % 97),"
                        + " CASE WHEN extract(epoch FROM t)::bigint % 7 = 0 THEN '{\"a\": 1}'::json END"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-15 00:00+00', '1 minute') t",
                "CREATE VIEW full_readings AS SELECT r.*, s.name FROM readings r JOIN sensors s ON s.id = r.sensor_id",
                "CREATE MATERIALIZED VIEW per_sensor AS SELECT sensor_id, count(*) FROM readings GROUP BY 1",
                "REFRESH MATERIALIZED VIEW per_sensor",
                "COMMENT ON VIEW full_readings IS 'x; y'",
                "CREATE TABLE \"we ird\".\"T\n\"\"b\" (id bigint GENERATED ALWAYS AS IDENTITY, \"X Y\" text)",
                "INSERT INTO \"we ird\".\"T\n\"\"b\" (\"X Y\") VALUES ('one'), (NULL)",
                "CREATE TABLE nothing ()",
                "CREATE FUNCTION odd() RETURNS text LANGUAGE sql"
                        + " AS $$ SELECT ';' || $q$\n--\n-- TOC entry 1 (class 1 OID 1)\n$q$ $$",
                "CREATE FUNCTION two() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
                "CREATE TABLE spread (at bigint NOT NULL, device text NOT NULL, value float8)",
                "SELECT create_hypertable('spread', 'at', chunk_time_interval => 1000)",
                "SELECT add_dimension('spread', 'device', number_partitions => 3)",
                "INSERT INTO spread SELECT i, 'device ' || i % 17, i / 7.0 FROM generate_series(-2500, 2500) i");
    }

    @Test
    void the_report_says_identical_for_every_table() {
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.tables())
                .extracting(it -> it.table().name())
                .containsExactlyInAnyOrder("readings", "spread", "sensors", "T\n\"b", "nothing");
        assertThat(report.toText()).contains("Verified identical: 25,184 rows in 5 tables");
    }

    @Test
    void the_report_as_json_has_the_verdict() {
        assertThat(report.toJson()).contains("\"identical\" : true", "\"readings\"", "\"SNAPSHOT\" : 60");
    }

    @Test
    void rows_are_the_same_on_both_sides(@Source TestDatabase source, @Target TestDatabase target) {
        for (String table : List.of("readings", "sensors", "spread", "\"we ird\".\"T\n\"\"b\"", "per_sensor")) {
            String rows = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM " + table + " t";
            assertThat(target.value(rows)).as(table).isEqualTo(source.value(rows));
        }
    }

    @Test
    void constraints_of_hypertables_survive_and_hold(@Target TestDatabase target) {
        assertThat(target.rows("SELECT conname FROM pg_constraint WHERE conrelid = 'readings'::regclass"
                        + " AND contype IN ('p', 'c', 'f') ORDER BY 1"))
                .containsExactly(
                        List.of("readings_level_check"), List.of("readings_pkey"), List.of("readings_sensor_id_fkey"));
        String chunks = "SELECT count(*) FROM show_chunks('readings') c WHERE NOT EXISTS"
                + " (SELECT FROM pg_constraint k WHERE k.conrelid = c AND k.contype = 'p')";
        assertThat(target.count(chunks)).as("chunks without the primary key").isZero();
    }

    @Test
    void indexes_are_the_same(@Source TestDatabase source, @Target TestDatabase target) {
        String indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'we ird') ORDER BY 1";
        assertThat(target.rows(indexes)).isEqualTo(source.rows(indexes));
    }

    @Test
    void sequences_go_on_where_the_source_stands(@Source TestDatabase source, @Target TestDatabase target) {
        assertThat(target.value("SELECT last_value || ' ' || is_called FROM sensors_id_seq"))
                .isEqualTo("20 true");
        assertThat(target.value("INSERT INTO \"we ird\".\"T\n\"\"b\" DEFAULT VALUES RETURNING id"))
                .isEqualTo("3");
        target.execute(
                "DELETE FROM \"we ird\".\"T\n\"\"b\" WHERE id = 3",
                "SELECT setval('\"we ird\".\"T\n\"\"b_id_seq\"', 2, true)");
    }

    @Test
    void views_comments_and_functions_arrive(@Target TestDatabase target) {
        assertThat(target.count("SELECT count(*) FROM full_readings")).isEqualTo(20_161);
        assertThat(target.value("SELECT obj_description('full_readings'::regclass)"))
                .isEqualTo("x; y");
        assertThat(target.value("SELECT odd()")).contains("TOC entry 1");
        assertThat(target.value("SELECT two()")).isEqualTo("2");
    }

    @Test
    void dimensions_are_the_same(@Source TestDatabase source, @Target TestDatabase target) {
        String dimensions = "SELECT hypertable_name, dimension_number, column_name, column_type, time_interval,"
                + " integer_interval, num_partitions FROM timescaledb_information.dimensions ORDER BY 1, 2";
        assertThat(target.rows(dimensions)).isEqualTo(source.rows(dimensions)).hasSize(3);
    }

    @Test
    void a_verification_alone_agrees(@Source TestDatabase source, @Target TestDatabase target) {
        MigrationReport verified = Migrations.between(source, target).verify();

        assertThat(verified.identical()).as(verified.toText()).isTrue();
        assertThat(verified.tables()).hasSize(5);
    }

    @Test
    void statistics_are_there(@Target TestDatabase target) {
        assertThat(target.count("SELECT reltuples::bigint FROM pg_class WHERE oid = 'sensors'::regclass"))
                .isEqualTo(20);
    }

    @Test
    void the_listener_hears_of_every_step_in_order_and_of_the_end() {
        assertThat(events.get(0)).isInstanceOf(MigrationEvent.Planned.class);
        assertThat(events.get(events.size() - 1)).isEqualTo(new MigrationEvent.Finished(report));
        List<Integer> finished = events.stream()
                .flatMap(it ->
                        it instanceof MigrationEvent.StepFinished step ? Stream.of(step.number()) : Stream.empty())
                .toList();
        assertThat(finished).isSorted().hasSize(report.steps().size());
    }

    @Test
    void nothing_of_the_run_is_left_but_its_ledger(@Source TestDatabase source, @Target TestDatabase target) {
        Migrations.awaitNoSession(source, target);
        assertThat(source.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'hyperferry'"))
                .isZero();
        assertThat(target.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NULL"))
                .isZero();
    }
}
