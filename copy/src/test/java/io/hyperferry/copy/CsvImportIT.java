package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An import id makes a load one that can be repeated. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CsvImportIT {

    private final TestDatabase target;

    @TempDir
    private Path directory;

    CsvImportIT(@Target TestDatabase target) {
        this.target = target;
    }

    @BeforeEach
    void tables() {
        target.execute(
                "DROP TABLE IF EXISTS readings",
                "DROP SCHEMA IF EXISTS hyperferry_load CASCADE",
                "CREATE TABLE readings (id int, v text)");
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> i + ",value " + i + "\n").collect(Collectors.joining());
    }

    private CsvLoad load() {
        return CsvLoad.into(target.dataSource(), "readings").batchRows(10).parallelism(2);
    }

    private void assertEachRowOnce(int rows) {
        assertThat(target.value(
                        "SELECT count(*) || '/' || count(DISTINCT id) || '/' || coalesce(max(id), 0) FROM readings"))
                .isEqualTo(rows + "/" + rows + "/" + (rows - 1));
    }

    @Test
    void a_second_load_finds_everything_done() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", rows(0, 95));
        Path other = CsvFiles.write(directory, "b.csv", rows(95, 100));
        CsvLoad load = load().importId("once");
        load.run(List.of(file, other));

        CsvLoadReport again = load.run(List.of(file, other));

        assertThat(again.rows()).isZero();
        assertThat(again.earlierRows()).isEqualTo(100);
        assertEachRowOnce(100);
        assertThat(target.count("SELECT sum(records) FROM hyperferry_load.batch"))
                .isEqualTo(100);
    }

    @Test
    void a_load_that_failed_goes_on_where_it_was() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", rows(0, 50) + "50,value 50\n" + rows(51, 100));
        target.execute("ALTER TABLE readings ADD CONSTRAINT not_yet CHECK (id <> 50)");
        CsvLoad load = load().parallelism(1).importId("repaired");
        assertThatThrownBy(() -> load.run(List.of(file)))
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("a.csv")
                .hasMessageContaining("line 51")
                .hasMessageContaining("not_yet");
        assertEachRowOnce(50);
        target.execute("ALTER TABLE readings DROP CONSTRAINT not_yet");

        CsvLoadReport report = load.run(List.of(file));

        assertThat(report.earlierRows()).isEqualTo(50);
        assertThat(report.rows()).isEqualTo(50);
        assertEachRowOnce(100);
    }

    @Test
    void other_files_or_options_under_the_same_id_are_refused() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", rows(0, 100));
        load().importId("one").run(List.of(file));

        assertThatThrownBy(() -> load().batchRows(11).importId("one").run(List.of(file)))
                .isInstanceOf(CsvInputException.class)
                .hasMessageContaining("10 records a batch")
                .hasMessageContaining("11 records a batch");
        Files.writeString(file, rows(0, 101));
        assertThatThrownBy(() -> load().importId("one").run(List.of(file)))
                .isInstanceOf(CsvInputException.class)
                .hasMessageContaining("a.csv");
        assertEachRowOnce(100);
    }

    @Test
    void a_file_of_the_same_size_with_other_records_is_refused() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", rows(10, 60));
        load().importId("one").run(List.of(file));
        Files.writeString(file, rows(10, 60).replace("15,value 15", "15,VALUE 15"));

        assertThatThrownBy(() -> load().importId("one").run(List.of(file)))
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("has changed");
        assertThat(target.count("SELECT count(*) FROM readings")).isEqualTo(50);
    }

    @Test
    void a_stream_is_checked_by_its_batches() {
        CsvLoad load = load().importId("stream");
        load.run(new ByteArrayInputStream(CsvFiles.utf8(rows(0, 30))));

        CsvLoadReport longer = load.run(new ByteArrayInputStream(CsvFiles.utf8(rows(0, 50))));

        assertThat(longer.earlierRows()).isEqualTo(30);
        assertEachRowOnce(50);
        assertThatThrownBy(() -> load.run(new ByteArrayInputStream(CsvFiles.utf8(rows(5, 50)))))
                .hasMessageContaining("has changed");
        assertEachRowOnce(50);
    }

    @Test
    void two_loads_at_a_time_share_the_work() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", rows(0, 2_000));
        CsvLoad load = load().importId("both");

        CompletableFuture<CsvLoadReport> other = CompletableFuture.supplyAsync(() -> load.run(List.of(file)));
        CsvLoadReport one = load.run(List.of(file));

        assertThat(one.rows() + other.get().rows()).isEqualTo(2_000);
        assertEachRowOnce(2_000);
    }

    @Test
    void connections_that_are_lost_cost_nothing_but_time() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", rows(0, 3_000));
        CsvLoadRun run = load().importId("lost")
                .rateLimit(20_000)
                .backoff(Duration.ofMillis(20), Duration.ofMillis(100))
                .start(List.of(file));
        int killed = 0;
        while (!run.isDone() && killed < 6) {
            killed += (int) target.count(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND query LIKE 'COPY %readings%' AND pid <> pg_backend_pid()");
        }

        CsvLoadReport report = run.await();

        assertThat(killed).isPositive();
        assertThat(report.retries()).isNotEmpty();
        assertEachRowOnce(3_000);
    }

    @Test
    void nobody_else_may_read_the_marks() throws Exception {
        load().importId("one").run(List.of(CsvFiles.write(directory, "a.csv", rows(0, 5))));

        assertThat(target.value("SELECT has_schema_privilege('public', 'hyperferry_load', 'USAGE')"))
                .isEqualTo("f");
    }
}
