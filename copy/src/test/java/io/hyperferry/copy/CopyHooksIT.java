package io.hyperferry.copy;

import static io.hyperferry.copy.Sides.ask;
import static io.hyperferry.copy.Sides.execute;
import static io.hyperferry.copy.Sides.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a claim can do around its rows. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CopyHooksIT {

    private static final CopyTask TASK = task("rows", "SELECT i FROM rows", "rows");

    private final TestDatabase source;
    private final TestDatabase target;
    private final Sides sides;

    CopyHooksIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.source = source;
        this.target = target;
        this.sides = new Sides(source, target);
    }

    @BeforeEach
    void tables() {
        source.execute("DROP TABLE IF EXISTS rows", "CREATE TABLE rows (i int)", "INSERT INTO rows VALUES (1), (2)");
        target.execute(
                "DROP TABLE IF EXISTS rows, mark",
                "CREATE TABLE rows (i int)",
                "CREATE TABLE mark (name text, rows int)");
    }

    @AfterEach
    void nothing_is_left_behind() {
        sides.assertClean();
        sides.close();
    }

    @Test
    void hooks_run_in_their_order_and_their_transactions() {
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        run(new CopyClaim() {
            @Override
            public CopyTask task() {
                return TASK;
            }

            @Override
            public BeforeRead beforeRead(Connection connection) throws SQLException {
                calls.add("beforeRead " + connection.getAutoCommit());
                execute(connection, "CREATE TEMP TABLE seen ON COMMIT DROP AS SELECT 1");
                return BeforeRead.READ;
            }

            @Override
            public void beforeWrite(Connection connection) throws SQLException {
                calls.add("beforeWrite " + connection.getAutoCommit());
                execute(connection, "INSERT INTO mark VALUES ('begun', 0)");
            }

            @Override
            public void afterRead(Connection connection) throws SQLException {
                calls.add("afterRead " + ask(connection, "SELECT count(*) FROM seen"));
            }

            @Override
            public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
                calls.add("beforeCommit " + result.rows() + " " + ask(connection, "SELECT count(*) FROM rows, mark"));
                calls.add("others see " + target.count("SELECT count(*) FROM rows"));
            }

            @Override
            public void committed(CopyResult result) {
                calls.add("committed " + result.rows());
                calls.add("others see " + target.count("SELECT count(*) FROM rows"));
            }
        });

        assertThat(calls)
                .containsExactly(
                        "beforeRead false",
                        "beforeWrite false",
                        "afterRead 1",
                        "beforeCommit 2 2",
                        "others see 0",
                        "committed 2",
                        "others see 2");
    }

    @Test
    void parts_of_a_task_are_copied_in_order_and_commit_together_or_not_at_all() {
        CopyTask.Part first = part("SELECT i FROM rows");
        CopyTask.Part second = part("SELECT i + 10 FROM rows");

        CopySummary summary = sides.engine().run(CopyQueue.of(List.of(new CopyTask("both", List.of(first, second)))));
        assertThatThrownBy(() -> sides.engine()
                        .run(CopyQueue.of(
                                List.of(new CopyTask("half", List.of(first, part("SELECT 1 / (i - 2) FROM rows")))))))
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("Copying half failed");

        assertThat(summary.rows()).isEqualTo(4);
        assertThat(target.value("SELECT string_agg(i::text, ' ' ORDER BY ctid) FROM rows"))
                .isEqualTo("1 2 11 12");
    }

    @Test
    void a_claim_decides_on_its_parts_before_it_reads() {
        run(new CopyClaim() {
            private List<CopyTask.Part> parts = List.of();

            @Override
            public CopyTask task() {
                return new CopyTask("late", parts);
            }

            @Override
            public BeforeRead beforeRead(Connection connection) throws SQLException {
                parts = List.of(part("SELECT " + ask(connection, "SELECT sum(i) FROM rows")));
                return BeforeRead.READ;
            }
        });

        assertThat(target.value("SELECT string_agg(i::text, ' ') FROM rows")).isEqualTo("3");
    }

    @Test
    void a_task_without_parts_lets_its_hooks_work() {
        run(new CopyClaim() {
            @Override
            public CopyTask task() {
                return new CopyTask("hooks alone", List.of());
            }

            @Override
            public BeforeRead beforeRead(Connection connection) {
                return BeforeRead.NOTHING_TO_READ;
            }

            @Override
            public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
                execute(connection, "INSERT INTO mark VALUES ('worked', " + result.rows() + ")");
            }
        });

        assertThat(target.value("SELECT string_agg(name || rows, ' ') FROM mark"))
                .isEqualTo("worked0");
    }

    private static CopyTask.Part part(String query) {
        return task("part", query, "rows").parts().get(0);
    }

    @Test
    void a_claim_belongs_to_the_transaction_of_its_rows() {
        Iterator<CopyTask> tasks = List.of(TASK).iterator();
        List<String> transactions = Collections.synchronizedList(new ArrayList<>());

        sides.engine().parallelism(1).run(connection -> {
            if (!tasks.hasNext()) {
                execute(connection, "INSERT INTO mark VALUES ('rolled back with an empty claim', 0)");
                return Optional.empty();
            }
            transactions.add(ask(connection, "SELECT txid_current()"));
            CopyTask task = tasks.next();
            return Optional.of(() -> task);
        });

        assertThat(target.value("SELECT string_agg(DISTINCT xmin::text, ' ') FROM rows"))
                .isEqualTo(transactions.get(0));
        assertThat(target.count("SELECT count(*) FROM mark")).isZero();
    }

    @Test
    void a_mark_that_fails_takes_the_rows_with_it() {
        assertThatThrownBy(() -> run(new Claim() {
                    @Override
                    public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
                        execute(connection, "INSERT INTO mark VALUES ('done', " + result.rows() + ")");
                        throw new IllegalStateException("no mark today");
                    }
                }))
                .isInstanceOf(CopyException.class)
                .hasMessage("Copying rows failed on the target: no mark today")
                .hasCauseInstanceOf(IllegalStateException.class);

        assertThat(target.count("SELECT count(*) FROM rows")).isZero();
        assertThat(target.count("SELECT count(*) FROM mark")).isZero();
    }

    @Test
    void a_claim_with_nothing_to_read_goes_straight_to_its_mark() {
        CopySummary summary = run(new Claim() {
            @Override
            public BeforeRead beforeRead(Connection connection) {
                return BeforeRead.NOTHING_TO_READ;
            }

            @Override
            public void beforeWrite(Connection connection) {
                throw new IllegalStateException("nothing is written");
            }

            @Override
            public void afterRead(Connection connection) {
                throw new IllegalStateException("nothing was read");
            }

            @Override
            public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
                execute(connection, "INSERT INTO mark VALUES ('gone', " + result.rows() + ")");
            }
        });

        assertThat(summary).extracting(CopySummary::tasks, CopySummary::rows).containsExactly(1L, 0L);
        assertThat(target.value("SELECT name || rows FROM mark")).isEqualTo("gone0");
    }

    @Test
    void a_claim_can_read_under_an_exported_snapshot() throws SQLException {
        try (Connection leader = source.connect()) {
            leader.setAutoCommit(false);
            execute(leader, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            String snapshot = ask(leader, "SELECT pg_export_snapshot()");
            source.execute("INSERT INTO rows VALUES (3)");

            CopySummary summary = run(new Claim() {
                @Override
                public BeforeRead beforeRead(Connection connection) throws SQLException {
                    execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                    execute(connection, "SET TRANSACTION SNAPSHOT '" + snapshot + "'");
                    return BeforeRead.READ;
                }
            });

            leader.rollback();
            assertThat(summary.rows()).isEqualTo(2);
        }
    }

    @Test
    void a_claim_can_begin_again_in_a_new_transaction() {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());

        CopySummary summary = run(new Claim() {
            @Override
            public BeforeRead beforeRead(Connection connection) throws SQLException {
                if (seen.isEmpty()) {
                    execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                }
                seen.add(ask(connection, "SHOW transaction_isolation") + ", "
                        + ask(connection, "SHOW statement_timeout"));
                return seen.size() == 1 ? BeforeRead.BEGIN_AGAIN : BeforeRead.READ;
            }
        });

        assertThat(summary.rows()).isEqualTo(2);
        assertThat(seen).containsExactly("repeatable read, 0", "read committed, 0");
    }

    @Test
    void the_timeouts_of_the_session_do_not_reach_a_copy() {
        List<String> timeouts = Collections.synchronizedList(new ArrayList<>());
        CopyTask slow = task("slow", "SELECT 1 FROM pg_sleep(1)", "rows");

        run(new CopyClaim() {
            @Override
            public CopyTask task() {
                return slow;
            }

            @Override
            public void beforeWrite(Connection connection) throws SQLException {
                timeouts.add(ask(connection, "SHOW statement_timeout"));
                timeouts.add(ask(connection, "SHOW idle_in_transaction_session_timeout"));
                timeouts.add(ask(connection, "SELECT coalesce(current_setting('transaction_timeout', true), '0')"));
            }
        });

        assertThat(timeouts).containsExactly("0", "0", "0");
        assertThat(target.count("SELECT count(*) FROM rows")).isEqualTo(1);
    }

    private CopySummary run(CopyClaim claim) {
        Iterator<CopyClaim> claims = List.of(claim).iterator();
        return sides.engine()
                .parallelism(1)
                .run(connection -> claims.hasNext() ? Optional.of(claims.next()) : Optional.empty());
    }

    private abstract static class Claim implements CopyClaim {

        @Override
        public CopyTask task() {
            return TASK;
        }
    }
}
