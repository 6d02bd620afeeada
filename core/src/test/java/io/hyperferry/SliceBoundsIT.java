package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A row stands exactly on every bound of a slice, one just before and one just after it, in every kind of time that can be cut; and each
 * of them arrives once.
 */
@ExtendWith(TimescaleExtension.class)
class SliceBoundsIT {
    private static final List<String> TABLES = List.of(
            "on_timestamptz",
            "on_timestamp",
            "on_date",
            "on_bigint",
            "on_last_bigint",
            "on_int",
            "on_smallint",
            "at_infinity");

    @Test
    void a_row_on_every_bound_arrives_exactly_once(@Source TestDatabase source, @Target TestDatabase target) {
        // The session's zone is not UTC, and has a change to summer time in the range.
        source.execute("ALTER DATABASE \"" + source.name() + "\" SET TimeZone = 'America/St_Johns'");
        target.execute("ALTER DATABASE \"" + target.name() + "\" SET TimeZone = 'Asia/Kathmandu'");
        String hours = "generate_series(TIMESTAMP '2026-03-01', TIMESTAMP '2026-03-12', INTERVAL '1 hour') h,"
                + " (VALUES (INTERVAL '-1 microsecond'), (INTERVAL '0'), (INTERVAL '1 microsecond')) AS near (d)";
        source.execute(
                "CREATE TABLE on_timestamptz (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('on_timestamptz', 'time', chunk_time_interval => INTERVAL '3 days')",
                "INSERT INTO on_timestamptz SELECT (h + d) AT TIME ZONE 'UTC', 1 FROM " + hours,
                "CREATE TABLE on_timestamp (time timestamp NOT NULL, n int)",
                "SELECT create_hypertable('on_timestamp', 'time', chunk_time_interval => INTERVAL '3 days')",
                "INSERT INTO on_timestamp SELECT h + d, 1 FROM " + hours,
                "CREATE TABLE on_date (time date NOT NULL, n int)",
                "SELECT create_hypertable('on_date', 'time', chunk_time_interval => INTERVAL '3 days')",
                "INSERT INTO on_date SELECT DATE '1999-12-01' + i, 1 FROM generate_series(0, 100) i",
                "CREATE TABLE on_bigint (time bigint NOT NULL, n int)",
                "SELECT create_hypertable('on_bigint', 'time', chunk_time_interval => 10000000)",
                "INSERT INTO on_bigint SELECT i * 3600000 + d, 1 FROM generate_series(-30, 30) i, generate_series(-1, 1) d",
                "INSERT INTO on_bigint VALUES (9223372036854775806, 1), (-9223372036854775807, 1)",
                // A chunk of the greatest bigint alone: its interval divides it.
                "CREATE TABLE on_last_bigint (time bigint NOT NULL, n int)",
                "SELECT create_hypertable('on_last_bigint', 'time', chunk_time_interval => 337)",
                "INSERT INTO on_last_bigint VALUES (9223372036854775807, 1), (0, 1)",
                "CREATE TABLE on_int (time int NOT NULL, n int)",
                "SELECT create_hypertable('on_int', 'time', chunk_time_interval => 10000000)",
                "INSERT INTO on_int SELECT i * 3600000 + d, 1 FROM generate_series(-30, 30) i, generate_series(-1, 1) d",
                "CREATE TABLE on_smallint (time smallint NOT NULL, n int)",
                "SELECT create_hypertable('on_smallint', 'time', chunk_time_interval => 5000)",
                "INSERT INTO on_smallint SELECT i, 1 FROM generate_series(-32768, 32767, 97) i",
                "CREATE TABLE at_infinity (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('at_infinity', 'time')",
                "INSERT INTO at_infinity VALUES ('infinity', 1), ('4713-01-02 00:00+00 BC', 2), ('2026-01-01', 3)");

        MigrationReport report = Migrations.between(source, target)
                .splitBy(Duration.ofHours(1))
                .integerTimeUnit(ChronoUnit.MILLIS)
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        for (String table : TABLES) {
            String rows = "SELECT count(*) || ' ' || count(DISTINCT time) || ' ' || sum(hashtextextended("
                    + "extract(epoch FROM time::timestamp)::text, 0)) FROM " + table;
            String query = table.startsWith("on_") && table.endsWith("int")
                    ? rows.replace("extract(epoch FROM time::timestamp)::text", "time::text")
                    : rows;
            String settled = query.replace("time::timestamp", "(time::timestamptz AT TIME ZONE 'UTC')");
            if (table.equals("on_timestamptz") || table.equals("at_infinity")) {
                query = settled;
            }
            assertThat(target.value(query)).as(table).isEqualTo(source.value(query));
        }
        assertThat(report.tables())
                .filteredOn(it -> it.table().name().equals("on_timestamptz"))
                .singleElement()
                .satisfies(it -> assertThat(it.slices()).isGreaterThanOrEqualTo(11 * 24));
    }
}
