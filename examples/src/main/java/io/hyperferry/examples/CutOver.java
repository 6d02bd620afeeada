package io.hyperferry.examples;

import io.hyperferry.CatchUpReport;
import io.hyperferry.Migration;
import io.hyperferry.MigrationException;
import io.hyperferry.PgTools;
import java.io.IOException;

/**
 * Moves a database while its application writes, which stops for the last changes only: {@code CutOver
 * postgres://app:secret@old:5432/metrics postgres://app:secret@new:5432/metrics}.
 */
public final class CutOver {
    private CutOver() {}

    /** The arguments are the URLs of source and target. */
    public static void main(String[] urls) {
        Migration migration = Migration.from(urls[0]).to(urls[1]);
        CatchUpReport last = move(migration, () -> {
            System.out.println("stop the application, then press Enter");
            try {
                System.in.read();
            } catch (IOException e) {
                throw new IllegalStateException("nobody can say that the application has stopped", e);
            }
        });
        System.out.println(last.toText());
        System.out.println("start the application with " + urls[1]);
    }

    /** @param stopWriters returns when nothing writes to the source any more */
    static CatchUpReport move(Migration migration, Runnable stopWriters) {
        migration.run();
        // What was written during the run, then what was written during that.
        migration.catchUp(2);

        stopWriters.run();
        CatchUpReport last = migration.catchUp();
        if (last.outcome() == CatchUpReport.Outcome.DIFFERENT) {
            throw new MigrationException(
                    MigrationException.Code.NOT_IDENTICAL, "something still writes to the source", null);
        }
        // What else differs, such as a comment that was changed meanwhile, and what to do about it.
        last.differences().forEach(System.out::println);
        return last;
    }

    /** The same with PostgreSQL's tools from elsewhere. */
    static CatchUpReport move(String source, String target, PgTools tools, Runnable stopWriters) {
        return move(Migration.from(source).to(target).pgTools(tools), stopWriters);
    }
}
