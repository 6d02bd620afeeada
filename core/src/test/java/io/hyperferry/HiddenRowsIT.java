package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of a compressed chunk that no query on the source shows are not copied, and reported. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class HiddenRowsIT {
    private static final String ROWS = "SELECT count(*), sum(hash_record_extended(r, 0)) FROM readings r";

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void hide(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int, level float8)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT TIMESTAMPTZ '2026-01-01 UTC' + i * INTERVAL '1 minute', i % 7, sin(i)"
                        + " FROM generate_series(0, 1440 * 4 - 1) i",
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device',"
                        + " timescaledb.compress_orderby = 'time')",
                "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-04 UTC') c",
                "INSERT INTO readings VALUES ('2026-01-01 00:00:30 UTC', 8, 1), ('2026-01-01 00:01:30 UTC', 8, 1),"
                        + " ('2026-01-02 00:00:30 UTC', 8, 1)");
        // As a COPY into a compressed chunk left it up to 2.22.
        from.superuser().execute("UPDATE _timescaledb_catalog.chunk SET status = status & ~8");
        from.execute("INSERT INTO readings VALUES ('2026-01-03 00:00:30 UTC', 9, 1)");
        assertThat(from.count("SELECT count(*) FROM readings")).isEqualTo(1440 * 4 + 1);
    }

    private Problem warning(MigrationReport report) {
        return report.warnings().stream()
                .filter(problem -> problem.code() == Problem.Code.HIDDEN_ROWS)
                .findFirst()
                .orElseThrow(() -> new AssertionError(report.toText()));
    }

    @ParameterizedTest
    @EnumSource
    void hidden_rows_are_not_copied_and_the_report_names_them(CompressedMode mode) {
        MigrationReport report = Migrations.between(from, to).compressed(mode).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.rows(ROWS)).isEqualTo(from.rows(ROWS));
        assertThat(warning(report)).satisfies(problem -> {
            assertThat(problem.object()).isEqualTo("public.readings");
            assertThat(problem.message()).contains("2 compressed chunks hold 3 rows that no query on the source shows");
        });
        assertThat(report.toText()).contains(warning(report).message());
        if (mode == CompressedMode.AS_IS
                && from.server().timescaleVersion().equals(to.server().timescaleVersion())) {
            assertThat(report.tables())
                    .singleElement()
                    .satisfies(table -> assertThat(table.asTuples()).isEqualTo(3));
        }
    }

    @Test
    void verify_reports_them_and_the_remedy_makes_them_visible() {
        assertThat(Migrations.between(from, to).run().identical()).isTrue();
        MigrationReport verified = Migrations.between(from, to).verify();
        assertThat(verified.identical()).isTrue();
        assertThat(verified.leftOut())
                .anyMatch(line -> line.startsWith("public.readings: 2 compressed chunks hold 3 rows"));

        String remedy = Migrations.between(from, to.createSibling("again")).plan().problems().stream()
                .filter(problem -> problem.code() == Problem.Code.HIDDEN_ROWS)
                .map(Problem::remedy)
                .findFirst()
                .orElseThrow();
        for (String statement :
                List.of(remedy.substring(remedy.indexOf("SELECT")).split(";"))) {
            from.execute(statement);
        }

        assertThat(from.count("SELECT count(*) FROM readings")).isEqualTo(1440 * 4 + 4);
        MigrationReport report =
                Migrations.between(from, to.createSibling("visible")).run();
        assertThat(report.warnings()).noneMatch(problem -> problem.code() == Problem.Code.HIDDEN_ROWS);
        assertThat(report.tables())
                .singleElement()
                .satisfies(table -> assertThat(table.rows()).isEqualTo(1440 * 4 + 4));
    }
}
