package io.hyperferry.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperferry.Migration;
import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationReport;
import io.hyperferry.PgTools;
import io.hyperferry.WorkSummary;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

/** Three tasks of a local Spark join a run; one of them fails in the middle of its slice, and Spark starts it anew. */
@ExtendWith(TimescaleExtension.class)
@Timeout(600)
class MoveWithSparkIT {
    private static final int DAYS = 12;
    private static final int TASKS = 3;

    /**
     * The real task, but for the first attempt at one number: that one is fast enough for its first rows only, and is lost with them. The others
     * begin when it has its slice, so that they leave it one.
     *
     * @param task what all the others do
     * @param sourceJdbc the source, for asking whether the slice is under way
     */
    private record LostOnce(JoinRun task, String sourceJdbc) implements Function<Integer, WorkSummary> {
        private static final int UNLUCKY = 1;
        private static final String NAME = "lost";
        private static final Duration PATIENCE = Duration.ofMinutes(4);

        /** The tasks are threads of one process. */
        private static final CountDownLatch IN_A_SLICE = new CountDownLatch(1);

        @Override
        public WorkSummary call(Integer number) throws Exception {
            if (number != UNLUCKY || TaskContext.get().attemptNumber() > 0) {
                assertThat(IN_A_SLICE.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("the unlucky task has a slice")
                        .isTrue();
                return task.call(number);
            }
            Thread worker = new Thread(this::workSlowly);
            worker.start();
            try {
                await().atMost(PATIENCE).until(this::isInASlice);
                IN_A_SLICE.countDown();
            } finally {
                worker.interrupt();
                worker.join();
            }
            throw new IllegalStateException("lost in the middle of a slice, on purpose");
        }

        private void workSlowly() {
            try {
                PGSimpleDataSource named = new PGSimpleDataSource();
                named.setUrl(sourceJdbc);
                named.setApplicationName(NAME);
                Migration.from(named)
                        .to(task.target())
                        .parallelism(1)
                        .rateLimit(1)
                        .work();
            } catch (MigrationCancelledException e) {
                // As intended; the slice was rolled back.
            }
        }

        private boolean isInASlice() throws SQLException {
            try (var connection = DriverManager.getConnection(sourceJdbc);
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                            + " WHERE application_name = '" + NAME + "' AND query LIKE 'COPY%'")) {
                result.next();
                return result.getInt(1) > 0;
            }
        }
    }

    @Test
    void a_task_that_fails_is_tried_again_and_all_slices_arrive_once(
            @Source TestDatabase source, @Target TestDatabase target) {
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, extract(minute FROM t), repeat('x', 200)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01', TIMESTAMPTZ '2026-01-01' + INTERVAL '" + DAYS
                        + " days' - INTERVAL '1 minute', '1 minute') t");
        // The leader takes seconds for a slice, so that there is work for the tasks.
        Migration migration = Migration.from(source.url())
                .to(target.url())
                .parallelism(1)
                .rateLimit(50_000)
                .pgTools(tools(target));
        String jdbc = source.jdbcUrl() + "?user=" + source.user() + "&password=" + source.password();
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        SparkConf conf = new SparkConf()
                .setAppName("MoveWithSparkIT")
                .setMaster("local[" + TASKS + ",3]")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.ui.enabled", "false");
        MigrationReport report;
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            spark.sc().addSparkListener(new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                    if (end.taskInfo().failed()) {
                        failures.add(end.taskInfo().index() + " in attempt "
                                + end.taskInfo().attemptNumber() + ": " + end.reason());
                    }
                }
            });
            report = MoveWithSpark.move(
                    migration, spark, TASKS, new LostOnce(new JoinRun(source.url(), target.url(), 1), jdbc));
        }

        assertThat(failures)
                .singleElement()
                .asString()
                .contains("1 in attempt 0")
                .contains("lost in the middle of a slice, on purpose");
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(target.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL"
                        + " AND attempt = 1 AND reading = 'SNAPSHOT'"))
                .isEqualTo(DAYS);
        String digest = "SELECT count(*) || ' ' || sum(hash_record_extended(t, 0)) FROM readings t";
        assertThat(target.value(digest)).isEqualTo(source.value(digest));
    }

    private static PgTools tools(TestDatabase database) {
        List<String> prefix = database.server().toolPrefix();
        return prefix.isEmpty() ? PgTools.onPath() : PgTools.command(prefix.toArray(String[]::new));
    }
}
