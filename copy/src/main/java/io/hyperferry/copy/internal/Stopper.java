package io.hyperferry.copy.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the workers of a run within two seconds, wherever they are: cancels their queries and interrupts them until
 * they end, then closes their connections, then leaves them behind. A cancellation can fall between two statements,
 * hence "until". Each worker has a thread of its own for this, because a server that is gone holds up the one who
 * wants to cancel there.
 */
final class Stopper {

    private static final Logger LOG = LoggerFactory.getLogger(Stopper.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);
    private static final Duration UNTIL_ABORT = Duration.ofSeconds(1);
    private static final Duration AFTER_ABORT = Duration.ofMillis(600);

    private final Workers run;
    private final List<Worker> workers;
    private final String threadNamePrefix;

    Stopper(Workers run, List<Worker> workers, String threadNamePrefix) {
        this.run = run;
        this.workers = workers;
        this.threadNamePrefix = threadNamePrefix;
    }

    /** Whether an error is what a stop brings about, rather than a failure of its own. */
    static boolean causes(Throwable error) {
        String state = SafeErrors.sqlState(error);
        return (state != null && (state.equals("57014") || state.startsWith("08")))
                || SafeErrors.find(error, CancellationException.class) != null
                || SafeErrors.find(error, InterruptedException.class) != null;
    }

    void start() {
        daemon("stop", this::stop);
        for (Worker worker : workers) {
            daemon("cancel", () -> cancelUntilEnded(worker));
        }
    }

    private void stop() {
        try {
            if (run.awaitEnd(UNTIL_ABORT)) {
                return;
            }
            for (Worker worker : workers) {
                if (!worker.ended()) {
                    daemon("abort", worker::abort);
                }
            }
            if (run.awaitEnd(AFTER_ABORT)) {
                return;
            }
            for (Worker worker : workers) {
                if (!worker.ended()) {
                    LOG.warn("Thread {} does not stop and is left behind", worker.name());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        run.leaveBehind();
    }

    private void cancelUntilEnded(Worker worker) {
        Duration pause = FIRST_PAUSE;
        while (!worker.ended()) {
            worker.cancel();
            try {
                if (run.awaitEnd(pause)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void daemon(String what, Runnable body) {
        Thread thread = new Thread(body, threadNamePrefix + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
