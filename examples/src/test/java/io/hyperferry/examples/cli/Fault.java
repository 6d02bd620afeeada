package io.hyperferry.examples.cli;

import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.OwnServer;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** What happens to a migration under way. */
@SuppressWarnings("ImmutableEnumChecker") // what is done to a stage keeps nothing
enum Fault {
    /** Nothing, to see that the others are what fails. */
    NONE(stage -> {}),
    TERMINATE_SOURCE(stage -> Faults.terminateBackends(stage.source(), "hyperferry")),
    TERMINATE_TARGET(stage -> Faults.terminateBackends(stage.target(), "hyperferry")),
    TERMINATE_WORKERS(stage -> terminateWhere(stage.target(), "query LIKE 'COPY%'")),
    TERMINATE_LEADER(stage -> terminateWhere(
            stage.target(),
            "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1)")),
    LOSE_SNAPSHOT(stage -> terminateWhere(stage.source(), "query LIKE '%pg_export_snapshot%'")),
    CRASH_SOURCE(stage -> Faults.crash(stage.source())),
    CRASH_TARGET(stage -> Faults.crash(stage.target())),
    KILL_SOURCE(stage -> kill(stage.sourceServer())),
    KILL_TARGET(stage -> kill(stage.targetServer())),
    RESTART_SOURCE(stage -> restart(stage.sourceServer())),
    RESTART_TARGET(stage -> restart(stage.targetServer())),
    CUT_SOURCE(stage -> stage.toSource().cut()),
    CUT_TARGET(stage -> stage.toTarget().cut()),
    CUT_IN_A_ROW(stage -> {
        stage.toTarget().cutAfter(20_000, TcpProxy.Direction.TO_SERVER);
        stage.toSource().cutAfter(20_000, TcpProxy.Direction.TO_CLIENT);
    }),
    // As the protocol ends a statement, which tells it from READ COMMITTED.
    CUT_ANSWER_TO_COMMIT(stage -> stage.toTarget().cutAnswerTo("COMMIT\0")),
    NO_SOURCE_FOR_A_WHILE(stage -> takeDown(stage.toSource())),
    NO_TARGET_FOR_A_WHILE(stage -> takeDown(stage.toTarget())),
    STALL(stage -> {
        stage.toSource().stall();
        stage.toTarget().stall();
        aWhile();
        stage.toTarget().restore();
        stage.toSource().restore();
    }),
    FULL_DISK_ON_TARGET(stage -> {
        stage.targetServer().fillDisk();
        aWhile();
        stage.targetServer().freeDisk();
    }),
    // Shorter than the lock is held, and longer than any statement takes that waits for nobody.
    STATEMENT_TIMEOUT_SOURCE(
            stage -> lockLog(stage.source()), stage -> limit(stage.source(), "statement_timeout", 1_200)),
    STATEMENT_TIMEOUT_TARGET(
            stage -> lockLog(stage.target()), stage -> limit(stage.target(), "statement_timeout", 1_200)),
    LOCK_TIMEOUT_SOURCE(stage -> lockLog(stage.source()), stage -> limit(stage.source(), "lock_timeout", 150)),
    LOCK_TIMEOUT_TARGET(stage -> lockLog(stage.target()), stage -> limit(stage.target(), "lock_timeout", 150)),
    LOCK_SOURCE(stage -> lockLog(stage.source())),
    LOCK_TARGET(stage -> lockLog(stage.target())),
    DEADLOCK_SOURCE(stage -> deadlock(stage.source())),
    DEADLOCK_TARGET(stage -> deadlock(stage.target())),
    IDLE_TIMEOUT_SOURCE(stage -> {}, stage -> limitIdling(stage.source())),
    IDLE_TIMEOUT_TARGET(stage -> {}, stage -> limitIdling(stage.target()));

    private static final long WHILE_MILLIS = 700;
    private static final long LOCKED_MILLIS = 1_500;

    /** Longer than it takes to connect, also on a busy machine, and shorter than a migration. */
    private static final int IDLE_MILLIS = 2_000;

    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'hyperferry' AND wait_event_type = 'Lock'";

    private final Deed strike;
    private final Deed preparation;

    Fault(Deed strike) {
        this(strike, stage -> {});
    }

    Fault(Deed strike, Deed preparation) {
        this.strike = strike;
        this.preparation = preparation;
    }

    /** Where a migration runs. */
    record Stage(
            TestDatabase source,
            TestDatabase target,
            OwnServer sourceServer,
            OwnServer targetServer,
            TcpProxy toSource,
            TcpProxy toTarget) {}

    /** Something done to where a migration runs. */
    private interface Deed {
        void on(Stage stage) throws InterruptedException;
    }

    /** Whether the target's server has to have a disk that can be filled. */
    boolean needsSmallDisk() {
        return this == FULL_DISK_ON_TARGET;
    }

    /** Makes ready what has to be there before the migration begins. */
    void prepare(Stage stage) throws InterruptedException {
        preparation.on(stage);
    }

    /** Lets it happen. */
    void strike(Stage stage) throws InterruptedException {
        strike.on(stage);
    }

    /** Takes back what was prepared, which the next run would have again. */
    static void undo(Stage stage) {
        stage.source().execute(ofRole(stage.source()) + " RESET ALL");
        stage.target().execute(ofRole(stage.target()) + " RESET ALL");
    }

    private static String ofRole(TestDatabase database) {
        return "ALTER ROLE " + database.user() + " IN DATABASE " + database.name();
    }

    private static void limit(TestDatabase database, String setting, int millis) {
        database.execute(ofRole(database) + " SET " + setting + " = " + millis);
    }

    private static void limitIdling(TestDatabase database) {
        limit(database, "idle_in_transaction_session_timeout", IDLE_MILLIS);
        limit(database, "idle_session_timeout", IDLE_MILLIS);
    }

    /** Somebody has a table for himself, for a while. */
    private static void lockLog(TestDatabase database) throws InterruptedException {
        if (database.value("SELECT to_regclass('log')::text") == null) {
            return;
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
            statement.execute("LOCK TABLE log IN ACCESS EXCLUSIVE MODE");
            Thread.sleep(LOCKED_MILLIS);
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Takes the locks of a table's index and of the table in the order that no query has. The server ends the query, which waited first; this session
     * would wait for longer.
     */
    private static void deadlock(TestDatabase database) throws InterruptedException {
        if (database.value("SELECT to_regclass('log_line')::text") == null) {
            return;
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "SET LOCAL deadlock_timeout = '5s'; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
            statement.execute("ALTER INDEX log_line SET TABLESPACE pg_default");
            long deadline = System.nanoTime() + LOCKED_MILLIS * 1_000_000;
            while (System.nanoTime() < deadline && database.count(WAITING) == 0) {
                Thread.sleep(10);
            }
            statement.execute("LOCK TABLE log IN ACCESS EXCLUSIVE MODE");
            connection.rollback();
        } catch (SQLException e) {
            if (!"40P01".equals(e.getSQLState())) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void terminateWhere(TestDatabase database, String condition) {
        database.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'hyperferry' AND " + condition);
    }

    private static void kill(OwnServer server) throws InterruptedException {
        server.kill();
        aWhile();
        server.start();
    }

    private static void restart(OwnServer server) {
        server.shutDown();
        server.start();
    }

    private static void takeDown(TcpProxy network) throws InterruptedException {
        network.takeDown();
        aWhile();
        network.restore();
    }

    private static void aWhile() throws InterruptedException {
        Thread.sleep(WHILE_MILLIS);
    }
}
