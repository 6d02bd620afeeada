package io.hyperferry.examples.scala

import io.hyperferry.catalog.*
import io.hyperferry.catalog.Dimension.TimeDimension
import java.time.Duration
import org.junit.jupiter.api.Assertions.{assertEquals, assertFalse}
import org.junit.jupiter.api.Test
import scala.jdk.CollectionConverters.*

/** The plan of a hypertable with two chunks of two days. Nothing is connected to. */
class PlanWithoutDatabaseTest:
  private val readings = QualifiedName.of("public", "readings")
  private val timestamp = "timestamp with time zone"
  private val width = Duration.ofDays(2).toNanos / 1000

  private val chunks = (1 to 2).map: number =>
    Chunk(
      QualifiedName.of("_timescaledb_internal", s"_hyper_1_${number}_chunk"),
      100 + number,
      List(DimensionRange("time", (number - 1) * width, number * width)).asJava,
      0,
      50_000,
      4_000_000
    )

  private val source = DatabaseCatalog
    .builder(ServerInfo.community("metrics", "17.5", "2.19.3"))
    .tables(List(Table(readings, 10, Table.Kind.HYPERTABLE, List(Column.of("time", timestamp)).asJava, 0, 0)).asJava)
    .hypertables(List(Hypertable.of(readings, List(TimeDimension.of("time", timestamp, width)).asJava, chunks.asJava)).asJava)
    .build()

  @Test def `each chunk travels in a slice a day`(): Unit =
    val target = DatabaseCatalog.empty(ServerInfo.community("metrics", "17.5", "2.29.2"))

    val plan = byDay("postgres://app@old/metrics", "postgres://app@new/metrics").plan(source, target)

    assertFalse(plan.isBlocked)
    assertEquals(List.fill(4)(false), plan.slices.iterator.asScala.map(_.wholeChunk).toList)
    assertEquals(List(readings), plan.tables.asScala.map(_.table).toList)
