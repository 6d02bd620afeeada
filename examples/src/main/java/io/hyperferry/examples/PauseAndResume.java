package io.hyperferry.examples;

import io.hyperferry.Migration;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationRun;
import io.hyperferry.PgTools;
import java.io.IOException;

/**
 * A run that a key pauses and lets go on: {@code PauseAndResume postgres://app:secret@old:5432/metrics
 * postgres://app:secret@new:5432/metrics}, then Enter as often as you like.
 */
public final class PauseAndResume {
    private PauseAndResume() {}

    /** The arguments are the URLs of source and target. */
    public static void main(String[] urls) {
        MigrationRun run = Migration.from(urls[0]).to(urls[1]).start();
        Thread keys = new Thread(() -> turnAtEnter(run), "keys");
        keys.setDaemon(true);
        keys.start();
        System.out.println(run.await().toText());
    }

    /** While it is paused, slices under way are finished, and none is begun: connections and the snapshot stay. */
    private static void turnAtEnter(MigrationRun run) {
        try {
            for (boolean paused = false; System.in.read() >= 0; paused = !paused) {
                if (paused) {
                    run.resume();
                } else {
                    run.pause();
                }
            }
        } catch (IOException e) {
            System.err.println("no key is heard any more: " + e.getMessage());
        }
    }

    /** Paused for as long as something else takes. */
    static MigrationReport move(String source, String target, PgTools tools, Runnable meanwhile) {
        MigrationRun run = Migration.from(source).to(target).pgTools(tools).start();
        run.pause();
        meanwhile.run();
        run.resume();
        return run.await();
    }
}
