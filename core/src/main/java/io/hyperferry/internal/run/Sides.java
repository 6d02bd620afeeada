package io.hyperferry.internal.run;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationException;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.catalog.CatalogException;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.UnansweredException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to source and target, and turns what goes wrong there into errors that say what to do. */
final class Sides {
    private static final Logger log = LoggerFactory.getLogger(Sides.class);

    /** What the source is called in messages. */
    static final String SOURCE = "source";

    /** What the target is called in messages. */
    static final String TARGET = "target";

    private final Endpoint source;
    private final Endpoint target;
    private final Cancellation cancellation;

    Sides(Endpoint source, Endpoint target, Cancellation cancellation) {
        this.source = source;
        this.target = target;
        this.cancellation = cancellation;
    }

    /** Something done on both sides. */
    interface BothSides<T> {
        /** Does it. */
        T act(Connection source, Connection target) throws SQLException;
    }

    /** Something done on one side. */
    interface OneSide<T> {
        /** Does it. */
        T act(Connection connection) throws SQLException;
    }

    /**
     * Connects to both sides and acts there.
     *
     * @throws PreflightException when a side cannot be connected to; it names both sides when both cannot
     * @throws MigrationException when a statement fails, or the action was cancelled
     */
    <T> T both(BothSides<T> action) {
        try (Connected from = connect(source, Problem.Code.SOURCE_UNREACHABLE, SOURCE, cancellation);
                Connected to = connect(target, Problem.Code.TARGET_UNREACHABLE, TARGET, cancellation)) {
            @Nullable Connection sourceSession = from.connection();
            @Nullable Connection targetSession = to.connection();
            if (sourceSession == null || targetSession == null) {
                throw unreachable(from, to);
            }
            LastAsked lastAsked = new LastAsked(SOURCE);
            Connection notedSource = lastAsked.noting(sourceSession, SOURCE);
            Connection notedTarget = lastAsked.noting(targetSession, TARGET);
            return acting(() -> action.act(notedSource, notedTarget), lastAsked::side, cancellation);
        }
    }

    private static <T> T acting(Jdbc.Work<T> action, Supplier<String> side, Cancellation cancellation) {
        try {
            return action.run();
        } catch (SQLException | CatalogException e) {
            throw failure(e, side.get(), cancellation);
        }
    }

    /** Like {@link #both}, on the source alone. */
    static <T> T onSource(Endpoint source, Cancellation cancellation, OneSide<T> action) {
        return one(connect(source, Problem.Code.SOURCE_UNREACHABLE, SOURCE, cancellation), SOURCE, action);
    }

    /** Like {@link #both}, on the target alone. */
    static <T> T onTarget(Endpoint target, Cancellation cancellation, OneSide<T> action) {
        return one(connect(target, Problem.Code.TARGET_UNREACHABLE, TARGET, cancellation), TARGET, action);
    }

    private static <T> T one(Connected connected, String name, OneSide<T> action) {
        try (Connected side = connected) {
            @Nullable Connection session = side.connection();
            if (session == null) {
                throw unreachable(side);
            }
            return acting(() -> action.act(session), () -> name, side.cancellation());
        }
    }

    /** Says what keeps from connecting; the failures themselves are attached. */
    private static PreflightException unreachable(Connected... sides) {
        PreflightException unreachable = new PreflightException(
                Stream.of(sides).flatMap(side -> side.problems().stream()).toList());
        Stream.of(sides).flatMap(it -> Stream.ofNullable(it.failure())).forEach(unreachable::addSuppressed);
        return unreachable;
    }

    /** Names the side, the statement's failure and the remedy. */
    private static MigrationException failure(Exception e, String side, Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            return new MigrationCancelledException();
        }
        String what = e instanceof UnansweredException
                ? Jdbc.describe(e)
                : "a statement on the " + side + " failed: " + Jdbc.describe(e);
        return new MigrationException(
                MigrationException.Code.STEP_FAILED,
                what + ". " + Remedies.of("the " + (e instanceof UnansweredException asked ? asked.side() : side), e),
                new StepFailure(what, e, e instanceof UnansweredException));
    }

    /** A connection, or why there is none; closing it is safe either way. */
    private record Connected(
            @Nullable Connection connection,
            List<Problem> problems,
            @Nullable SQLException failure,
            Cancellation cancellation)
            implements AutoCloseable {
        /** What was done is done, also when the connection was lost since. */
        @Override
        public void close() {
            if (connection == null) {
                return;
            }
            try {
                if (cancellation.isCancelled()) {
                    // A cancellation can arrive late: a pool must not give this connection to anybody else.
                    connection.abort(Runnable::run);
                }
                connection.close();
            } catch (SQLException e) {
                log.debug("a connection could not be closed: {}", Jdbc.describe(e));
            }
        }
    }

    private static Connected connect(Endpoint side, Problem.Code code, String name, Cancellation cancellation) {
        try {
            Connection connection = cancellation.connect(side.plainDataSource());
            // A pool may hand out connections that are in a transaction already; marks have to be committed one by one.
            connection.setAutoCommit(true);
            return prepare(connection, side, name, cancellation);
        } catch (SQLException e) {
            ConnectFailure failure = ConnectFailure.of(e, side);
            Problem problem = Problem.blocking(
                    code, name, "the " + name + " cannot be connected to: " + failure.cause() + ".", failure.remedy());
            return new Connected(null, List.of(problem), e, cancellation);
        }
    }

    /** Checks what a run needs of all sessions of a side, and gives this one the pinned settings. */
    private static Connected prepare(Connection plain, Endpoint side, String name, Cancellation cancellation)
            throws SQLException {
        Connection connection = plain;
        List<Problem> problems;
        try (Registration registration = cancellation.onCancel(plain)) {
            problems = Poolers.problem(name, side, plain, cancellation).stream().toList();
            if (problems.isEmpty()) {
                connection = side.pin(plain);
                problems = SessionProblems.of(name, connection);
            }
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
        if (problems.isEmpty()) {
            return new Connected(connection, List.of(), null, cancellation);
        }
        connection.close();
        return new Connected(null, problems, null, cancellation);
    }

    private static void closeAfter(Exception failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
