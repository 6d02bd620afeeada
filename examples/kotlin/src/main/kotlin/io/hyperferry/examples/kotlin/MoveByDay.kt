package io.hyperferry.examples.kotlin

import io.hyperferry.Migration
import io.hyperferry.MigrationEvent
import io.hyperferry.MigrationEvent.Progress
import io.hyperferry.MigrationEvent.Retrying
import java.time.Duration
import kotlin.math.roundToInt
import kotlin.system.exitProcess

/** Moves a database in slices of a day: `MoveByDayKt postgres://app:secret@old:5432/metrics postgres://app:secret@new:5432/metrics`. */
fun main(urls: Array<String>) {
    val (source, target) = urls
    val migration = byDay(source, target)

    val plan = migration.plan()
    plan.tables().forEach { println("${it.table}: ${it.slices.size} slices") }
    plan.problems.forEach(::println)
    if (plan.isBlocked) exitProcess(3)

    println(migration.run().toText())
}

/**
 * The migration. Its type is written out, because Kotlin has a `to` of its own on every value: `from(source) to target` makes a [Pair], and so does
 * `from(source).to(target)` with a target that no member takes, such as a `String?`. With the type, neither compiles.
 */
fun byDay(source: String, target: String): Migration =
    Migration.from(source)
        .to(target)
        .splitBy(Duration.ofDays(1))
        .parallelism(8)
        .listener(::tell)

private fun tell(event: MigrationEvent) {
    when (event) {
        is Progress -> {
            // What the library says may be null, the compiler wants to be looked at.
            val remaining = event.remainingOrNull?.let { ", ${it.toMinutes()} min to go" }.orEmpty()
            System.err.println("${(100 * event.fraction).roundToInt()} %$remaining")
        }
        is Retrying -> System.err.println("${event.what} is tried again: ${event.message}")
        else -> {}
    }
}
