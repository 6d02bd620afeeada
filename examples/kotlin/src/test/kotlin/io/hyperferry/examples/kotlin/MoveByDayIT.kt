package io.hyperferry.examples.kotlin

import io.hyperferry.PgTools
import io.hyperferry.testkit.Source
import io.hyperferry.testkit.Target
import io.hyperferry.testkit.TestDatabase
import io.hyperferry.testkit.TimescaleExtension
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith

@ExtendWith(TimescaleExtension::class)
class MoveByDayIT {
    @Test
    fun `a small hypertable arrives`(@Source source: TestDatabase, @Target target: TestDatabase) {
        source.execute(
            "CREATE TABLE readings (time timestamptz NOT NULL, level double precision)",
            "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '2 days')",
            "INSERT INTO readings SELECT t, extract(hour FROM t)" +
                " FROM generate_series(TIMESTAMPTZ '2026-01-01', '2026-01-04', '1 hour') t",
        )

        val report = byDay(source.url(), target.url()).pgTools(tools(target)).run()

        assertThat(report.identical()).`as`("%s", report.toText()).isTrue()
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(73)
    }

    private fun tools(database: TestDatabase): PgTools {
        val prefix = database.server().quickToolPrefix()
        return if (prefix.isEmpty()) PgTools.onPath() else PgTools.command(*prefix.toTypedArray())
    }
}
