package io.hyperferry.copy;

import static io.hyperferry.copy.Conditions.assertCancels;
import static io.hyperferry.copy.Sides.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cancelling reaches a hook, whatever it waits for. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(30)
class CancelledHooksIT {

    private static final CopyTask SMALL = Sides.task("small", "SELECT 'x' FROM generate_series(1, 5000)", "rows");

    private final TestDatabase target;
    private final Sides sides;

    CancelledHooksIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.target = target;
        this.sides = new Sides(source, target);
    }

    @BeforeEach
    void tables() {
        target.execute("DROP TABLE IF EXISTS rows", "CREATE UNLOGGED TABLE rows (t text)");
    }

    @AfterEach
    void nothing_is_left_behind() {
        sides.assertClean();
        sides.close();
    }

    /** Where a hook can be. */
    enum Hook {
        BEFORE_READ,
        BEFORE_WRITE,
        AFTER_READ,
        BEFORE_COMMIT
    }

    /** A claim that waits in one hook. */
    private record Waiting(Hook where, boolean inServer, CountDownLatch reached) implements CopyClaim {

        @Override
        public CopyTask task() {
            return SMALL;
        }

        @Override
        public BeforeRead beforeRead(Connection connection) throws SQLException {
            waitAt(Hook.BEFORE_READ, connection);
            return BeforeRead.READ;
        }

        @Override
        public void beforeWrite(Connection connection) throws SQLException {
            waitAt(Hook.BEFORE_WRITE, connection);
        }

        @Override
        public void afterRead(Connection connection) throws SQLException {
            waitAt(Hook.AFTER_READ, connection);
        }

        @Override
        public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
            waitAt(Hook.BEFORE_COMMIT, connection);
        }

        private void waitAt(Hook hook, Connection connection) throws SQLException {
            if (hook != where) {
                return;
            }
            reached.countDown();
            if (inServer) {
                execute(connection, "SELECT pg_sleep(600)");
                return;
            }
            try {
                Thread.sleep(600_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void while_a_hook_waits_in_the_server(Hook hook) throws InterruptedException {
        assertCancelsIn(hook, true);
    }

    @ParameterizedTest
    @EnumSource
    void while_a_hook_waits_in_its_thread(Hook hook) throws InterruptedException {
        assertCancelsIn(hook, false);
    }

    private void assertCancelsIn(Hook hook, boolean inServer) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CopyRun run =
                sides.engine().parallelism(1).start(connection -> Optional.of(new Waiting(hook, inServer, reached)));
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

        assertCancels(run);

        assertThat(target.count("SELECT count(*) FROM rows")).isZero();
    }
}
