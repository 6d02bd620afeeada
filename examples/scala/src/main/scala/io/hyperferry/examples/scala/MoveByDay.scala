package io.hyperferry.examples.scala

import io.hyperferry.Migration
import io.hyperferry.MigrationEvent.Progress
import java.time.Duration
import scala.jdk.CollectionConverters.*

/** Moves a database in slices of a day: `move postgres://app:secret@old:5432/metrics postgres://app:secret@new:5432/metrics`. */
@main def move(source: String, target: String): Unit =
  val migration = byDay(source, target)

  val plan = migration.plan()
  for data <- plan.tables.asScala do println(s"${data.table}: ${data.slices.size} slices")
  plan.problems.forEach(println(_))
  if !plan.isBlocked then println(migration.run().toText)

def byDay(source: String, target: String): Migration =
  Migration
    .from(source)
    .to(target)
    .splitBy(Duration.ofDays(1))
    .parallelism(8)
    .listener:
      case progress: Progress => Console.err.println(s"${math.round(100 * progress.fraction)} %")
      case _ => ()
