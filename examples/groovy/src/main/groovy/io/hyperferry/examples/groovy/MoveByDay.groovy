package io.hyperferry.examples.groovy

import groovy.transform.CompileStatic
import io.hyperferry.Migration
import io.hyperferry.MigrationEvent
import java.time.Duration

/** Moves a database in slices of a day: {@code MoveByDay postgres://app:secret@old:5432/metrics postgres://app:secret@new:5432/metrics}. */
@CompileStatic
final class MoveByDay {
    static void main(String[] urls) {
        Migration migration = migration(urls[0], urls[1])

        def plan = migration.plan()
        plan.tables().each { println "${it.table()}: ${it.slices().size()} slices" }
        plan.problems().each { println it }
        if (!plan.isBlocked()) {
            println migration.run().toText()
        }
    }

    static Migration migration(String source, String target) {
        Migration.from source to target splitBy Duration.ofDays(1) parallelism 8 listener { MigrationEvent event ->
            if (event instanceof MigrationEvent.Progress) {
                System.err.println "${Math.round(100 * event.fraction())} %"
            }
        }
    }
}
