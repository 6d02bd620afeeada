package io.hyperferry.internal.run;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationEvent.WaitingForLock;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.LockSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports which sessions of others a verb waits for. A statement that waits for a lock gets no answer, so another session has to ask.
 *
 * <p>While a verb runs, a thread asks each side every few seconds, in a session that it opens for one query and closes again. A verb that ends
 * before the first look opens none. A session that cannot be had is no failure: the next look tries again. Nothing waits for this thread.
 */
final class LockWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LockWatch.class);

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Map<String, Endpoint> sides;
    private final Duration patience;
    private final Events events;
    private final Cancellation stop = new Cancellation();
    private final Map<Key, Wait> waits = new HashMap<>();

    /** What is waited for. */
    private record Key(String side, String waitedFor, int blockingPid) {}

    /** Since when it is waited for, and when that was reported last. */
    private static final class Wait {
        private final long sinceNanos = System.nanoTime();
        private long reportedNanos;
        private boolean reported;

        Duration waited() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }

        /** Whether it is to be reported now: once, and again each minute. */
        boolean isDue(Duration patience) {
            return reported ? System.nanoTime() - reportedNanos >= AGAIN.toNanos() : waited().compareTo(patience) >= 0;
        }

        void report() {
            reported = true;
            reportedNanos = System.nanoTime();
        }
    }

    /** What a look finds. */
    private record Blocked(
            String waitedFor,
            int blockingPid,
            String application,
            String state,
            @Nullable OffsetDateTime since) {}

    private LockWatch(Map<String, Endpoint> sides, Duration patience, Events events) {
        this.sides = sides;
        this.patience = patience;
        this.events = events;
    }

    /**
     * Starts to watch.
     *
     * @param source the source, or null when it is not used
     * @param target the target, or null when it is not used
     */
    static LockWatch start(@Nullable Endpoint source, @Nullable Endpoint target, Pace pace, Events events) {
        Map<String, Endpoint> sides = new HashMap<>();
        if (source != null) {
            sides.put(Sides.SOURCE, source);
        }
        if (target != null) {
            sides.put(Sides.TARGET, target);
        }
        LockWatch watch = new LockWatch(sides, pace.lockPatience(), events);
        Thread thread = new Thread(watch::watch, "hyperferry-lock-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (true) {
                stop.pause(patience.dividedBy(2));
                for (Map.Entry<String, Endpoint> side : sides.entrySet()) {
                    look(side.getKey(), side.getValue());
                }
            }
        } catch (MigrationCancelledException e) {
            log.trace("the verb has ended", e);
        }
    }

    private void look(String side, Endpoint endpoint) {
        try {
            report(side, blocked(endpoint));
        } catch (MigrationCancelledException e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            log.debug("the {} cannot be asked for locks at the moment: {}", side, Jdbc.describe(e));
        }
    }

    private List<Blocked> blocked(Endpoint endpoint) throws SQLException {
        try (Connection session = stop.connect(endpoint.plainDataSource());
                Registration registration = stop.onCancel(session)) {
            try {
                session.setAutoCommit(true);
                return Jdbc.query(
                        session,
                        LockSql.waits(endpoint.sessions(), Endpoint.APPLICATION),
                        row -> new Blocked(
                                row.getString("waited_for"),
                                row.getInt("blocking_pid"),
                                row.getString("application"),
                                row.getString("state"),
                                row.getObject("since", OffsetDateTime.class)));
            } finally {
                if (stop.isCancelled()) {
                    // A cancellation can arrive late: a pool must not give this connection to anybody else.
                    session.abort(Runnable::run);
                }
            }
        }
    }

    private void report(String side, List<Blocked> found) {
        Map<Key, Blocked> now = found.stream()
                .collect(Collectors.toMap(
                        blocked -> new Key(side, blocked.waitedFor(), blocked.blockingPid()),
                        blocked -> blocked,
                        (one, other) -> one));
        waits.keySet().removeIf(key -> key.side().equals(side) && !now.containsKey(key));
        now.forEach((key, blocked) -> {
            Wait wait = waits.computeIfAbsent(key, first -> new Wait());
            if (wait.isDue(patience) && !stop.isCancelled()) {
                wait.report();
                WaitingForLock event = new WaitingForLock(
                        side,
                        blocked.waitedFor(),
                        blocked.blockingPid(),
                        blocked.application(),
                        blocked.state(),
                        Stream.ofNullable(blocked.since())
                                .map(OffsetDateTime::toInstant)
                                .findFirst()
                                .orElse(null),
                        wait.waited());
                log.warn("{}", event.message());
                events.send(event);
            }
        });
    }

    @Override
    public void close() {
        stop.cancel();
    }
}
