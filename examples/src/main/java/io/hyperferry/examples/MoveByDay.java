package io.hyperferry.examples;

import io.hyperferry.Migration;
import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import java.time.Duration;
import java.util.Locale;

/**
 * Moves a database in slices of a day: {@code MoveByDay postgres://app:secret@old:5432/metrics postgres://app:secret@new:5432/metrics}.
 */
public final class MoveByDay {
    private MoveByDay() {}

    /** Looks first, then moves; the arguments are the URLs of source and target. */
    public static void main(String[] urls) {
        Migration migration = Migration.from(urls[0])
                .to(urls[1])
                .splitBy(Duration.ofDays(1))
                .parallelism(8)
                .listener(MoveByDay::tell);

        MigrationPlan plan = migration.plan();
        System.out.println(plan.toText());

        // Refuses what the plan says is in the way, before anything is changed.
        MigrationReport report = migration.run();
        System.out.println(report.toText());
    }

    private static void tell(MigrationEvent event) {
        if (event instanceof MigrationEvent.Progress progress) {
            System.err.printf(Locale.ROOT, "%.0f %%%n", 100 * progress.fraction());
        }
    }
}
