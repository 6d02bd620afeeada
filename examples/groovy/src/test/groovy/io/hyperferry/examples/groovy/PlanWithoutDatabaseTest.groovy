package io.hyperferry.examples.groovy

import io.hyperferry.catalog.Chunk
import io.hyperferry.catalog.Column
import io.hyperferry.catalog.DatabaseCatalog
import io.hyperferry.catalog.Dimension.TimeDimension
import io.hyperferry.catalog.DimensionRange
import io.hyperferry.catalog.Hypertable
import io.hyperferry.catalog.QualifiedName
import io.hyperferry.catalog.ServerInfo
import io.hyperferry.catalog.Table
import java.time.Duration
import org.junit.jupiter.api.Test

/** The plan of a hypertable with one chunk of three days. Nothing is connected to. */
class PlanWithoutDatabaseTest {
    static final QualifiedName READINGS = QualifiedName.of('public', 'readings')
    static final String TIME = 'timestamp with time zone'
    static final long WIDTH = Duration.ofDays(3).toNanos().intdiv(1000)

    DatabaseCatalog source = DatabaseCatalog.builder(ServerInfo.community('metrics', '17.5', '2.19.3')).with {
        tables([new Table(READINGS, 10, Table.Kind.HYPERTABLE, [Column.of('time', TIME)], 0, 0)])
        hypertables([Hypertable.of(READINGS, [TimeDimension.of('time', TIME, WIDTH)], [
            new Chunk(QualifiedName.of('_timescaledb_internal', '_hyper_1_1_chunk'), 101,
                [new DimensionRange('time', 0, WIDTH)], 0, 50_000, 4_000_000)
        ])])
        build()
    }

    @Test
    void 'the chunk travels in a slice a day'() {
        def target = DatabaseCatalog.empty(ServerInfo.community('metrics', '17.5', '2.29.2'))

        def plan = MoveByDay.migration('postgres://app@old/metrics', 'postgres://app@new/metrics').plan(source, target)

        assert !plan.blocked
        assert plan.slices().toList()*.wholeChunk() == [false] * 3
        assert plan.tables()*.table() == [READINGS]
    }
}
