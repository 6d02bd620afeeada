package io.hyperferry.internal.run;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationException;
import io.hyperferry.Problem;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.PausedJobs;
import io.hyperferry.internal.ledger.PausedJobs.Origin;
import io.hyperferry.internal.ledger.PausedJobs.Scheduled;
import io.hyperferry.internal.sql.Identifiers;
import io.hyperferry.internal.sql.SourceJobSql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses the source's jobs and schedules them again. What is paused is written down in the target before; whatever ends a run, the next one
 * or a clean-up finds it there. A job that somebody else scheduled or removed meanwhile is left alone.
 */
final class SourceJobs {
    private static final Logger log = LoggerFactory.getLogger(SourceJobs.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int NAMED_JOBS = 3;

    private final Endpoint source;
    private final Endpoint target;
    private final @Nullable Duration patience;
    private final Cancellation cancellation;
    private boolean mayBePaused;

    /** @param patience how long to wait for jobs that run; null when jobs are not to be paused */
    SourceJobs(Endpoint source, Endpoint target, @Nullable Duration patience, Cancellation cancellation) {
        this.source = source;
        this.target = target;
        this.patience = patience;
        this.cancellation = cancellation;
    }

    /** Whether jobs are to be paused. */
    boolean arePaused() {
        return patience != null;
    }

    /** Schedules jobs again that a run left paused that was killed; when they are to be paused anyway, they stay so. */
    void begin(Connection to) throws SQLException {
        mayBePaused = PausedJobs.exist(to);
        if (mayBePaused && !arePaused()) {
            restore();
            mayBePaused = false;
        }
    }

    /** Something that a run does while jobs may be paused. */
    interface Work<T> {
        /** Does it. */
        T run() throws SQLException;
    }

    /**
     * Does something, and schedules the jobs again that are paused afterwards, unless it failed and is gone on with: then they stay paused.
     *
     * @param goesOn says whether it is gone on with after a failure
     */
    <T> T restoringAfter(Work<T> work, Predicate<Exception> goesOn) throws SQLException {
        T result;
        try {
            result = work.run();
        } catch (SQLException | RuntimeException e) {
            if (!goesOn.test(e)) {
                restoreAfter(e);
            }
            throw e;
        } catch (Error e) {
            restoreAfter(e);
            throw e;
        }
        restoreIfPaused();
        return result;
    }

    /** Schedules the jobs again that are still paused when all has failed. */
    void restoreAfter(Throwable failure) {
        try {
            restoreIfPaused();
        } catch (MigrationException lost) {
            log.warn("{}", lost.getMessage());
            failure.addSuppressed(lost);
        }
    }

    private void restoreIfPaused() {
        if (mayBePaused) {
            mayBePaused = false;
            restore();
        }
    }

    /** What keeps the jobs from being paused; nothing when they are not to be. */
    List<Problem> problems(Connection from) throws SQLException {
        if (!arePaused() || !hasJobs(from)) {
            return List.of();
        }
        if (Jdbc.one(from, "SELECT pg_is_in_recovery()", row -> row.getBoolean(1))) {
            return List.of(Problem.blocking(
                    Problem.Code.JOBS_NOT_PAUSABLE,
                    "source",
                    "the source is a standby, where no job can be paused.",
                    "Connect to its primary, or leave the jobs as they are (without pauseSourceJobs,"
                            + " --pause-source-jobs)."));
        }
        String user = Jdbc.one(from, "SELECT current_user::text", row -> row.getString(1));
        return Jdbc.query(
                from,
                SourceJobSql.OTHERS,
                row -> Problem.blocking(
                        Problem.Code.JOBS_NOT_PAUSABLE,
                        row.getString("owner"),
                        "the source's role " + user + " may not pause " + row.getInt("jobs")
                                + " jobs of this role, for example " + row.getString("one") + ".",
                        "GRANT " + Identifiers.quote(row.getString("owner")) + " TO " + Identifiers.quote(user)
                                + "; on the source, or leave the jobs as they are (without pauseSourceJobs,"
                                + " --pause-source-jobs)."));
    }

    private static boolean hasJobs(Connection from) throws SQLException {
        return Jdbc.one(from, SourceJobSql.HAS_JOBS, row -> row.getBoolean(1));
    }

    /**
     * Pauses all jobs that are scheduled, and waits until none runs. Those that an earlier run paused stay so.
     *
     * @throws MigrationException when some run for too long
     */
    void pause(Connection from, Connection to) throws SQLException {
        if (patience == null || !hasJobs(from)) {
            return;
        }
        Origin origin = origin(from);
        List<Scheduled> jobs = Jdbc.query(
                from,
                SourceJobSql.SCHEDULED,
                row -> new Scheduled(
                        row.getInt("id"),
                        row.getString("title"),
                        row.getString("timezone"),
                        row.getString("next_start")));
        if (!jobs.isEmpty()) {
            mayBePaused = true;
            Jdbc.transact(to, () -> PausedJobs.note(to, origin, jobs));
            int paused = setScheduled(from, PausedJobs.of(to, origin), false);
            log.info("{} jobs of the source are paused until the end of this run", paused);
        }
        awaitEnd(from, patience);
    }

    /** A job that the scheduler took up just before it was paused may show itself late: none is to be seen twice in a row. */
    private void awaitEnd(Connection from, Duration patience) throws SQLException {
        Instant deadline = Instant.now().plus(patience);
        List<String> before = List.of("");
        List<String> running = running(from);
        while (!running.isEmpty() || !before.isEmpty()) {
            cancellation.check();
            if (!running.isEmpty() && Instant.now().isAfter(deadline)) {
                throw new MigrationException(
                        MigrationException.Code.SOURCE_JOBS,
                        "after " + patience + " these jobs of the source still run: " + some(running)
                                + ". Nothing was read, and the jobs are scheduled again: run it again when they have"
                                + " ended, or leave the jobs as they are",
                        null);
            }
            if (!running.isEmpty() && !running.equals(before)) {
                log.info("waiting for jobs of the source that still run: {}", some(running));
            }
            sleep();
            before = running;
            running = running(from);
        }
    }

    private static List<String> running(Connection from) throws SQLException {
        return Jdbc.query(from, SourceJobSql.RUNNING, row -> row.getString(1));
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationCancelledException();
        }
    }

    private static String some(List<String> names) {
        int more = names.size() - NAMED_JOBS;
        return String.join(", ", names.subList(0, Math.min(names.size(), NAMED_JOBS)))
                + (more > 0 ? " and " + more + " more" : "");
    }

    /**
     * Schedules the jobs of this source again that a run, this one or one that was killed, has paused. Uses connections of its own, which no
     * cancellation can reach.
     *
     * @throws MigrationException when that cannot be done now; it says what to do
     */
    void restore() {
        try (Connection to = target.connect()) {
            to.setAutoCommit(true);
            if (PausedJobs.origins(to).isEmpty()) {
                return;
            }
            try (Connection from = source.connect()) {
                from.setAutoCommit(true);
                restore(from, to);
            }
        } catch (SQLException e) {
            throw new MigrationException(
                    MigrationException.Code.SOURCE_JOBS,
                    "the source's jobs that were paused could not be scheduled again: " + Jdbc.describe(e)
                            + ". Run the migration again, or clean-up, as soon as both sides can be reached; table"
                            + " hyperferry.paused_job in the target lists these jobs",
                    e);
        }
    }

    private static void restore(Connection from, Connection to) throws SQLException {
        Origin origin = origin(from);
        Set<Integer> paused = PausedJobs.of(to, origin);
        if (!paused.isEmpty()) {
            int restored = hasJobs(from) ? setScheduled(from, paused, true) : 0;
            log.info("{} jobs of the source are scheduled again", restored);
            Jdbc.transact(to, () -> PausedJobs.forget(to, origin));
        }
    }

    /** @throws MigrationException when jobs of another source are paused, which only that source's clean-up can put right */
    static void refuseOthers(Connection to) throws SQLException {
        Set<Origin> others = PausedJobs.origins(to);
        if (!others.isEmpty()) {
            throw new MigrationException(
                    MigrationException.Code.SOURCE_JOBS,
                    "jobs of " + others.iterator().next()
                            + " are still paused, and the ledger is what knows them: clean up"
                            + " with that database as the source (--source). If it is gone for good, DROP SCHEMA hyperferry"
                            + " CASCADE; on the target",
                    null);
        }
    }

    /** Which database this is. */
    static Origin origin(Connection from) throws SQLException {
        return Jdbc.one(
                from,
                "SELECT i.system_identifier::text, current_database() FROM pg_control_system() i",
                row -> new Origin(row.getString(1), row.getString(2)));
    }

    /** Changes the jobs among these that are in the other state, all at once, and gives their number. */
    private static int setScheduled(Connection from, Set<Integer> ids, boolean scheduled) throws SQLException {
        String sql = Jdbc.one(
                from,
                SourceJobSql.ABILITIES,
                row -> SourceJobSql.setScheduled(row.getString("schema"), row.getBoolean("timezones"), scheduled));
        Array array = from.createArrayOf("int4", ids.toArray());
        return Jdbc.inTransaction(from, () -> {
            return Jdbc.query(from, sql, row -> row.getString(1), array).size();
        });
    }
}
