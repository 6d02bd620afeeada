package io.hyperferry.examples.kotlin

import io.hyperferry.Migration
import io.hyperferry.Slice
import io.hyperferry.catalog.Chunk
import io.hyperferry.catalog.Column
import io.hyperferry.catalog.DatabaseCatalog
import io.hyperferry.catalog.Dimension.TimeDimension
import io.hyperferry.catalog.DimensionRange
import io.hyperferry.catalog.Hypertable
import io.hyperferry.catalog.QualifiedName
import io.hyperferry.catalog.ServerInfo
import io.hyperferry.catalog.Table
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.days

/** The plan of a hypertable with three chunks of two days. Nothing is connected to. */
class PlanWithoutDatabaseTest {
    private val readings = QualifiedName.of("public", "readings")
    private val width = 2.days.inWholeMicroseconds

    private val source = DatabaseCatalog.builder(ServerInfo.community("metrics", "17.5", "2.19.3"))
        .tables(
            listOf(
                Table(
                    readings,
                    10,
                    Table.Kind.HYPERTABLE,
                    listOf(Column.of("time", "timestamp with time zone"), Column.of("level", "double precision")),
                    0,
                    0,
                ),
            ),
        )
        .hypertables(
            listOf(
                Hypertable.of(
                    readings,
                    listOf(TimeDimension.of("time", "timestamp with time zone", width)),
                    (1..3).map { chunk(it) },
                ),
            ),
        )
        .build()

    private fun chunk(number: Int) = Chunk(
        QualifiedName.of("_timescaledb_internal", "_hyper_1_${number}_chunk"),
        100L + number,
        listOf(DimensionRange("time", (number - 1) * width, number * width)),
        0,
        50_000,
        4_000_000,
    )

    @Test
    fun `each chunk travels in a slice a day`() {
        val target = DatabaseCatalog.empty(ServerInfo.community("metrics", "17.5", "2.29.2"))

        val plan = byDay("postgres://app@old/metrics", "postgres://app@new/metrics").plan(source, target)

        assertThat(plan.isBlocked).isFalse()
        assertThat(plan.slices().toList()).hasSize(6).noneMatch(Slice::wholeChunk)
        assertThat(plan.tables().map { it.table }).containsExactly(readings)
    }

    @Test
    fun `the library is on the class path`() {
        assertThat(Migration::class.java.module.isNamed).isFalse()
    }
}
