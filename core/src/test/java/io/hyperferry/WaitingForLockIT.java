package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.MigrationEvent.WaitingForLock;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** A verb that waits for a session of somebody else names that session, and can be cancelled while it waits. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class WaitingForLockIT {
    private static final Duration LONGEST_CANCELLATION = Duration.ofSeconds(2);

    private final List<WaitingForLock> waits = new CopyOnWriteArrayList<>();
    private TestDatabase source;
    private TestDatabase target;

    /** What waits. */
    enum Verb {
        /** With a filter, so that pg_dump is what waits. */
        PLAN {
            @Override
            Object of(Migration migration) {
                return migration.exclude("skipped").plan();
            }
        },
        MIGRATE {
            @Override
            Object of(Migration migration) {
                return migration.run();
            }
        },
        VERIFY {
            @Override
            Object of(Migration migration) {
                return migration.verify();
            }
        },
        REPAIR {
            @Override
            Object of(Migration migration) {
                return migration.repair();
            }
        },
        CATCH_UP {
            @Override
            Object of(Migration migration) {
                return migration.catchUp();
            }
        };

        abstract Object of(Migration migration);

        /** Whether it needs a run that has finished. */
        boolean follows() {
            return this != PLAN && this != MIGRATE;
        }
    }

    @BeforeEach
    void fill(@Source TestDatabase from, @Target TestDatabase to) {
        source = from.createSibling("from");
        target = to.createSibling("to");
        source.execute(
                "CREATE TABLE p (id int PRIMARY KEY, v int)",
                "INSERT INTO p SELECT i, i FROM generate_series(1, 10) i",
                "CREATE TABLE skipped (id int)",
                "CREATE TABLE h (time timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('h', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO h SELECT TIMESTAMPTZ '2025-01-01 UTC' + i * INTERVAL '1 hour', i"
                        + " FROM generate_series(0, 71) i");
    }

    @AfterEach
    void leaveNothingBehind() {
        Migrations.awaitNoSession(source, target);
    }

    private Migration migration() {
        return Migrations.between(source, target)
                .pgTools(Migrations.endingTools(target))
                .lockPatience(Duration.ofMillis(600))
                .listener(event -> {
                    if (event instanceof WaitingForLock wait) {
                        waits.add(wait);
                    }
                });
    }

    /** A session that has locked a table and is idle. */
    private static final class Blocker implements AutoCloseable {
        private final Connection connection;
        private final Instant since = Instant.now();

        Blocker(TestDatabase database, String table) throws SQLException {
            connection = database.connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
            }
        }

        int pid() throws SQLException {
            return connection.unwrap(PGConnection.class).getBackendPID();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private WaitingForLock awaitWait() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !waits.isEmpty());
        return waits.get(0);
    }

    @ParameterizedTest
    @EnumSource
    void a_verb_names_the_session_that_it_waits_for_and_can_be_cancelled_meanwhile(Verb verb) throws Exception {
        if (verb.follows()) {
            assertThat(migration().run().identical()).isTrue();
        }
        FutureTask<Object> task = new FutureTask<>(() -> verb.of(migration()));
        Thread thread = new Thread(task);
        try (Blocker blocker = new Blocker(source, "p")) {
            thread.start();

            WaitingForLock wait = awaitWait();
            assertThat(wait.side()).isEqualTo("source");
            assertThat(wait.waitedFor()).startsWith("public.p");
            assertThat(wait.blockingPid()).isEqualTo(blocker.pid());
            assertThat(wait.application()).isEqualTo("hyperferry-test");
            assertThat(wait.state()).isEqualTo("idle in transaction");
            assertThat(wait.since().orElseThrow())
                    .isBetween(blocker.since.minusSeconds(10), blocker.since.plusSeconds(10));
            assertThat(wait.waited()).isBetween(Duration.ofMillis(600), Duration.ofSeconds(10));
            assertThat(wait.message())
                    .contains("on the source for public.p", "hyperferry-test", "pg_terminate_backend(" + blocker.pid());

            Thread.sleep(2_000);
            assertThat(waits)
                    .filteredOn(other -> other.waitedFor().equals(wait.waitedFor()))
                    .as("told once")
                    .hasSize(1);
            Instant moment = Instant.now();
            thread.interrupt();
            assertThatThrownBy(task::get).hasCauseInstanceOf(MigrationCancelledException.class);
            assertThat(Duration.between(moment, Instant.now())).isLessThan(LONGEST_CANCELLATION);
            Migrations.awaitNoSession(source, target);
        }
    }

    @ParameterizedTest
    @CsvSource({"h,public.h", "p,public.p"})
    void a_lock_on_the_target_is_named_with_its_table_and_the_verb_ends_when_it_is_released(String table, String named)
            throws Exception {
        assertThat(migration().run().identical()).isTrue();
        FutureTask<Object> task = new FutureTask<>(() -> migration().verify());
        try (Blocker blocker = new Blocker(target, table)) {
            new Thread(task).start();

            WaitingForLock wait = awaitWait();
            assertThat(wait.side()).isEqualTo("target");
            assertThat(wait.waitedFor()).contains(named);
            assertThat(wait.blockingPid()).isEqualTo(blocker.pid());
        }

        assertThat(((MigrationReport) task.get()).identical()).isTrue();
    }

    @Test
    void a_pool_that_has_no_session_left_for_the_look_is_no_failure() throws Exception {
        assertThat(migration().run().identical()).isTrue();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger most = new AtomicInteger(2);
        FutureTask<MigrationReport> task =
                new FutureTask<>(() -> Migration.from(limited(source.dataSource(), most, refused))
                        .to(target.dataSource())
                        .parallelism(1)
                        .lockPatience(Duration.ofMillis(200))
                        .verify());
        try (Blocker blocker = new Blocker(source, "p")) {
            new Thread(task).start();
            Awaitility.await()
                    .until(() ->
                            source.count("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'p'::regclass")
                                    > 0);
            most.set(0);
            Awaitility.await().until(() -> refused.get() > 1);
            most.set(2);
        }

        assertThat(task.get().identical()).isTrue();
    }

    /** A pool of at most so many sessions that refuses others at once. */
    private static DataSource limited(DataSource sessions, AtomicInteger most, AtomicInteger refused) {
        List<Connection> open = new CopyOnWriteArrayList<>();
        return (DataSource) Proxy.newProxyInstance(
                WaitingForLockIT.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("getConnection")) {
                        return method.invoke(sessions, arguments);
                    }
                    for (Connection connection : List.copyOf(open)) {
                        if (connection.isClosed()) {
                            open.remove(connection);
                        }
                    }
                    if (open.size() >= most.get()) {
                        refused.incrementAndGet();
                        throw new SQLException("the pool has no session left");
                    }
                    Connection connection = sessions.getConnection();
                    open.add(connection);
                    return connection;
                });
    }

    @Test
    void without_a_wait_nothing_is_reported() {
        assertThat(migration().run().identical()).isTrue();
        assertThat(migration().verify().identical()).isTrue();
        assertThat(waits).isEmpty();
    }
}
