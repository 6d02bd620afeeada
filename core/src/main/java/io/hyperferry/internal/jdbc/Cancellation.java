package io.hyperferry.internal.jdbc;

import io.hyperferry.MigrationCancelledException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a run was cancelled, and what to stop when it is. Thread-safe. */
public final class Cancellation {
    private static final Logger log = LoggerFactory.getLogger(Cancellation.class);

    private static final long CANCEL_AGAIN_MILLIS = 100;
    private static final long ABORT_MILLIS = 1_000;

    private final Set<Runnable> stoppers = new LinkedHashSet<>();
    private boolean cancelled;

    /** Something that is to be stopped on cancellation, until it is closed. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Cancels: stops everything that is registered. Does nothing the second time. */
    public void cancel() {
        List<Runnable> toStop;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            notifyAll();
            toStop = List.copyOf(stoppers);
        }
        toStop.forEach(Cancellation::stop);
    }

    /** Whether it was cancelled. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** @throws MigrationCancelledException when it was cancelled */
    public void check() {
        if (isCancelled()) {
            throw new MigrationCancelledException();
        }
    }

    /**
     * Waits so long.
     *
     * @throws MigrationCancelledException when it is cancelled meanwhile, at once, or the thread is interrupted
     */
    public synchronized void pause(Duration duration) {
        long deadline = System.nanoTime() + duration.toNanos();
        try {
            for (long left = duration.toNanos(); left > 0 && !cancelled; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationCancelledException();
        }
        check();
    }

    /** Registers something to stop; it is stopped at once when the cancellation came before. */
    public Registration onCancel(Runnable stopper) {
        boolean late;
        synchronized (this) {
            late = cancelled;
            stoppers.add(stopper);
        }
        if (late) {
            stop(stopper);
        }
        return () -> {
            synchronized (this) {
                stoppers.remove(stopper);
            }
        };
    }

    /**
     * Connects, on a thread of its own, because nothing wakes one that connects to a server which does not answer. After a cancellation nobody
     * waits for it any more, and the connection is dropped if it comes.
     *
     * @throws MigrationCancelledException when it was cancelled before there was a connection
     */
    public Connection connect(DataSource dataSource) throws SQLException {
        CompletableFuture<Connection> pending = new CompletableFuture<>();
        Thread thread = new Thread(() -> connect(dataSource, pending), "hyperferry-connect");
        thread.setDaemon(true);
        thread.start();
        try (Registration registration = onCancel(() -> pending.cancel(false))) {
            return pending.get();
        } catch (CancellationException e) {
            throw new MigrationCancelledException();
        } catch (InterruptedException e) {
            pending.cancel(false);
            Thread.currentThread().interrupt();
            throw new MigrationCancelledException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failed) {
                throw failed;
            }
            throw new SQLException("no connection: " + e.getCause(), e.getCause());
        }
    }

    private static void connect(DataSource dataSource, CompletableFuture<Connection> pending) {
        try {
            Connection connection = dataSource.getConnection();
            if (!pending.complete(connection)) {
                connection.close();
            }
        } catch (SQLException | RuntimeException e) {
            if (!pending.completeExceptionally(e)) {
                log.debug("a connection that nobody waits for any more did not come, or did not close", e);
            }
        }
    }

    /**
     * Registers a connection whose statements are to be cancelled, until the registration is closed: also one that begins only after the
     * cancellation. One that does not answer to that within a second is closed. The connection is not to be used for anything else afterwards.
     */
    public Registration onCancel(Connection connection) {
        CountDownLatch over = new CountDownLatch(1);
        Registration registration = onCancel(() -> {
            Thread canceller = new Thread(() -> cancelUntil(over, connection), "hyperferry-cancel");
            canceller.setDaemon(true);
            canceller.start();
            Thread aborter = new Thread(() -> abortUnless(over, connection), "hyperferry-abort");
            aborter.setDaemon(true);
            aborter.start();
        });
        return () -> {
            over.countDown();
            registration.close();
        };
    }

    private static void cancelUntil(CountDownLatch over, Connection connection) {
        try {
            do {
                connection.unwrap(PGConnection.class).cancelQuery();
            } while (!over.await(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
        } catch (SQLException e) {
            log.debug("a statement could not be cancelled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A network that lets nothing through lets no cancellation through either. */
    private static void abortUnless(CountDownLatch over, Connection connection) {
        try {
            if (!over.await(ABORT_MILLIS, TimeUnit.MILLISECONDS)) {
                log.warn(
                        "a connection that did not answer to its cancellation is closed: its statement may run on for a while");
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            log.debug("a connection could not be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Runnable stopper) {
        try {
            stopper.run();
        } catch (RuntimeException e) {
            log.warn("something could not be stopped", e);
        }
    }
}
