package io.hyperferry.copy;

import static io.hyperferry.copy.Sides.execute;
import static io.hyperferry.copy.Sides.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a failure says, what it stops, and what it leaves: nothing. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
@Timeout(30)
class CopyFailureIT {

    private final TestDatabase source;
    private final TestDatabase target;
    private final Sides sides;

    CopyFailureIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.source = source;
        this.target = target;
        this.sides = new Sides(source, target);
    }

    @BeforeEach
    void tables() {
        source.execute("DROP TABLE IF EXISTS people", "CREATE TABLE people (email text, i int)");
        target.execute(
                "DROP TABLE IF EXISTS people",
                "CREATE TABLE people (email text CONSTRAINT one_each PRIMARY KEY, i int)");
    }

    @AfterEach
    void nothing_is_left_behind() {
        sides.assertClean();
        sides.close();
    }

    @Test
    void one_failure_stops_the_others_and_claims_no_more() {
        AtomicInteger claims = new AtomicInteger();
        List<CopyTask> tasks = new ArrayList<>();
        tasks.add(task("forever", "SELECT g::text, 1 FROM (SELECT generate_series(1, 1000000000) g) s", "people"));
        tasks.add(task("asleep", "SELECT 'x', 1 FROM pg_sleep(600)", "people"));
        tasks.add(task("broken", "SELECT 'y', 1 / (g - 50000) FROM generate_series(1, 100000) g", "people"));
        tasks.addAll(Collections.nCopies(5, task("late", "SELECT 'z', 1", "people")));
        CopyQueue memory = CopyQueue.of(tasks);
        List<CopyEvent> events = new ArrayList<>();
        Instant begun = Instant.now();

        CopyException failure = catchThrowableOfType(
                CopyException.class,
                () -> sides.engine().parallelism(3).listener(events::add).run(connection -> {
                    claims.incrementAndGet();
                    return memory.claim(connection);
                }));

        assertThat(failure)
                .hasMessage("Copying broken failed on the source: division by zero (SQLState 22012)")
                .hasNoSuppressedExceptions();
        assertThat(failure.task()).contains(tasks.get(2));
        assertThat(failure.sqlState()).contains("22012");
        assertThat(claims).hasValue(3);
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(3));
        assertThat(target.count("SELECT count(*) FROM people")).isZero();
        assertThat(events)
                .filteredOn(CopyEvent.Failed.class::isInstance)
                .containsExactly(new CopyEvent.Failed(failure));
        assertThat(events).noneMatch(CopyEvent.Finished.class::isInstance);
    }

    @Test
    void failures_of_other_workers_are_suppressed_in_the_first() {
        CyclicBarrier both = new CyclicBarrier(2);
        CopyQueue queue = connection -> Optional.of(new CopyClaim() {
            @Override
            public CopyTask task() {
                return people();
            }

            @Override
            public BeforeRead beforeRead(Connection connection) {
                try {
                    both.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                throw new IllegalStateException("hook");
            }
        });

        assertThatThrownBy(() -> sides.engine().parallelism(2).run(queue))
                .hasMessage("Copying people failed on the source: hook")
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(CopyException.class));
    }

    @Test
    void no_value_of_a_row_is_in_what_is_thrown() {
        source.execute("INSERT INTO people SELECT 's3cret' || g % 1000, g FROM generate_series(1, 1001) g");

        CopyException failure =
                catchThrowableOfType(CopyException.class, () -> sides.engine().run(CopyQueue.of(List.of(people()))));

        assertThat(failure)
                .hasMessage(
                        "Copying people failed on the target: duplicate key value violates unique constraint \"one_each\""
                                + " (SQLState 23505, constraint one_each)");
        StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        assertThat(stack.toString()).doesNotContain("s3cret").contains("Caused by");
        assertThat(target.count("SELECT count(*) FROM people")).isZero();
    }

    @Test
    void rows_that_the_target_skips_fail_the_task() {
        source.execute("INSERT INTO people VALUES ('a', 1), ('b', 2), ('c', 3)");
        target.execute(
                "CREATE OR REPLACE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RETURN CASE WHEN new.i = 2 THEN NULL ELSE new END; END $$",
                "CREATE TRIGGER skip BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION skip()");

        assertThatThrownBy(() -> sides.engine().run(CopyQueue.of(List.of(people()))))
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("the source sent 3 rows but the target took 2");

        assertThat(target.count("SELECT count(*) FROM people")).isZero();
    }

    @Test
    void statements_of_different_formats_are_refused() {
        CopyTask mixed = new CopyTask("mixed", "COPY people TO STDOUT", "COPY people FROM STDIN (FORMAT binary)");

        assertThatThrownBy(() -> sides.engine().run(CopyQueue.of(List.of(mixed))))
                .hasMessageContaining("the source sends text but the target expects binary");
    }

    @Test
    void a_statement_that_is_no_copy_leaves_no_trace() {
        for (CopyTask wrong : List.of(
                new CopyTask("select", "SELECT 1", "COPY people FROM STDIN"),
                new CopyTask("in for out", "COPY people FROM STDIN", "COPY people FROM STDIN"),
                new CopyTask("out for in", "COPY people TO STDOUT", "COPY people TO STDOUT"),
                new CopyTask("missing", "COPY nowhere TO STDOUT", "COPY people FROM STDIN"))) {
            assertThatThrownBy(() -> sides.engine().parallelism(1).run(CopyQueue.of(List.of(wrong))))
                    .as(wrong.name())
                    .isInstanceOf(CopyException.class)
                    .hasMessageStartingWith("Copying " + wrong.name() + " failed ");
            sides.assertClean();
        }
    }

    @Test
    void a_side_that_does_not_connect_is_named() {
        CopySource down = CopySource.database(new NoServer());
        CopyEngine engine = CopyEngine.from(down).to(CopySink.database(sides.targetPool));

        assertThatThrownBy(() -> engine.parallelism(2).run(CopyQueue.of(List.of(people()))))
                .isInstanceOfSatisfying(CopyException.class, failure -> {
                    assertThat(failure).hasMessage("Copying failed: no connection to the source: nobody listens here");
                    assertThat(failure.sqlState()).contains("08001");
                    assertThat(failure.task()).isEmpty();
                });
    }

    @Test
    void a_connection_that_dies_fails_the_run_and_leaves_the_pool_whole() {
        CopyTask asleep = task("asleep", "SELECT 'x', 1 FROM pg_sleep(600)", "people");
        CopyRun run = sides.engine().parallelism(1).retries(0).start(CopyQueue.of(List.of(asleep)));
        Conditions.untilQuery(source, "%pg_sleep(600)%");

        Faults.terminateBackends(source, Sides.APPLICATION);

        // The server says 57P01; the driver often sees only that it hung up.
        assertThatThrownBy(run::await)
                .isInstanceOfSatisfying(
                        CopyException.class,
                        failure -> assertThat(failure.sqlState().orElseThrow()).isIn("57P01", "08006"));
    }

    @Test
    void a_hook_that_breaks_the_transaction_fails_the_run() {
        CopyQueue queue = connection -> Optional.of(new CopyClaim() {
            @Override
            public CopyTask task() {
                return people();
            }

            @Override
            public void beforeWrite(Connection connection) throws SQLException {
                execute(connection, "SELECT * FROM nowhere");
            }
        });

        assertThatThrownBy(() -> sides.engine().parallelism(1).run(queue))
                .isInstanceOf(CopyException.class)
                .hasMessage(
                        "Copying people failed on the target: relation \"nowhere\" does not exist (SQLState 42P01)");
    }

    @Test
    void a_listener_that_throws_changes_nothing() {
        source.execute("INSERT INTO people VALUES ('a', 1)");

        CopySummary summary = sides.engine()
                .listener(event -> {
                    throw new IllegalStateException("from the listener, as the test wants it");
                })
                .run(CopyQueue.of(List.of(people())));

        assertThat(summary.rows()).isEqualTo(1);
    }

    private static CopyTask people() {
        return Sides.task("people", "SELECT * FROM people", "people");
    }
}
