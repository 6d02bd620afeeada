package io.hyperferry.internal.run;

import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Attempts;
import io.hyperferry.internal.ledger.SliceQueries;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the ledger about once a second while rows are copied, so that the progress has what other processes copy, too. It uses the leading
 * connection, which nobody else needs meanwhile; closing it waits until the connection is free.
 */
final class LedgerWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LedgerWatch.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Of a very large ledger, looking takes no more than this part of the time. */
    private static final int PART = 20;

    private final RunContext run;
    private final Progress progress;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private boolean joined;

    private LedgerWatch(RunContext run, Progress progress) {
        this.run = run;
        this.progress = progress;
        this.thread = new Thread(this::watch, "hyperferry-" + run.attempt() + "-watch");
        thread.setDaemon(true);
    }

    static LedgerWatch start(RunContext run, Progress progress) {
        LedgerWatch watch = new LedgerWatch(run, progress);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            Duration pause = PAUSE;
            while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                long start = System.nanoTime();
                look(run.leading());
                Duration taken = Duration.ofNanos(System.nanoTime() - start).multipliedBy(PART);
                pause = taken.compareTo(PAUSE) > 0 ? taken : PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            if (!run.cancellation().isCancelled()) {
                log.warn("the progress of other processes is not seen any more: {}", Jdbc.describe(e));
            }
        }
    }

    private void look(Connection target) throws SQLException {
        boolean before = joined;
        joined = Attempts.joined(target) > 0;
        // Once more after the last of them has left.
        if ((joined || before) && progress.inLedger(SliceQueries.copied(target))) {
            run.events().send(progress.event());
        }
    }

    @Override
    public void close() {
        over.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
