package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records that the server refuses stop a load, or are set aside alone. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CsvRejectsIT {

    private static final String SECRET = "s3cret";

    private final TestDatabase target;
    private final HikariDataSource pool;

    @TempDir
    private Path directory;

    CsvRejectsIT(@Target TestDatabase target) {
        this.target = target;
        this.pool = CsvFiles.pool(target);
    }

    @BeforeEach
    void table() {
        target.execute(
                "DROP TABLE IF EXISTS readings",
                "CREATE TABLE readings (id int PRIMARY KEY, v float8 CHECK (v >= 0), note text)");
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private CsvLoad load() {
        return CsvLoad.into(pool, "readings").parallelism(2);
    }

    private static String good(int from, int to) {
        StringBuilder csv = new StringBuilder();
        for (int i = from; i < to; i++) {
            csv.append(i).append(",1.5,\"two\nlines\"\n");
        }
        return csv.toString();
    }

    @Test
    void the_first_one_stops_the_load_and_is_named_without_its_values() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", good(0, 20) + "20," + SECRET + ",x\n" + good(21, 30));

        assertThatThrownBy(() -> load().run(List.of(file)))
                .isInstanceOfSatisfying(
                        CopyException.class, e -> assertThat(e.sqlState()).contains("22P02"))
                .hasMessageContaining("a.csv")
                .hasMessageContaining("line 41, column v")
                .hasStackTraceContaining("invalid input syntax")
                .satisfies(e -> assertThat(stack(e)).doesNotContain(SECRET));
        assertThat(target.count("SELECT count(*) FROM readings")).isZero();
    }

    private static String stack(Throwable e) {
        java.io.StringWriter stack = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(stack));
        return stack.toString();
    }

    @Test
    void bad_ones_are_set_aside_with_line_and_reason_and_all_others_are_loaded() throws Exception {
        String bad = "7,1,\"duplicate\"\nx,1,\"no \"\"number\"\"\nat all\"\n300,-1,negative\n301,1\n302,1,y,extra\n";
        Path file = CsvFiles.write(directory, "a.csv", good(0, 100) + bad + good(100, 200));
        Path rejects = directory.resolve("rejects.csv");

        for (int rows : new int[] {1_000, 37}) {
            table();
            Files.deleteIfExists(rejects);
            CsvLoadReport report = load().batchRows(rows).rejectsTo(rejects).run(List.of(file));

            assertThat(report.rows()).isEqualTo(200);
            assertThat(report.rejects()).isEqualTo(5);
            assertThat(target.count("SELECT count(*) FROM readings WHERE note = E'two\\nlines'"))
                    .isEqualTo(200);
            // The file itself is CSV.
            target.execute(
                    "DROP TABLE IF EXISTS rejects",
                    "CREATE TABLE rejects (file text, line int, sqlstate text, reason text, record text)");
            CsvLoad.into(pool, "rejects").header(CsvHeader.MATCH).run(List.of(rejects));
            assertThat(target.rows("SELECT line, sqlstate, record FROM rejects ORDER BY line"))
                    .containsExactly(
                            List.of("201", "23505", "7,1,\"duplicate\""),
                            List.of("202", "22P02", "x,1,\"no \"\"number\"\"\nat all\""),
                            List.of("204", "23514", "300,-1,negative"),
                            List.of("205", "22P04", "301,1"),
                            List.of("206", "22P04", "302,1,y,extra"));
            assertThat(target.value("SELECT reason FROM rejects WHERE line = 202"))
                    .contains("column id")
                    .contains("invalid input syntax");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rejects)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_quote_that_is_not_closed_costs_the_records_behind_it_alone() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", good(0, 10) + "10,1,\"open\n11,1,x\n");

        CsvLoadReport report =
                load().rejectsTo(directory.resolve("rejects.csv")).run(List.of(file));

        assertThat(report.rows()).isEqualTo(10);
        assertThat(report.rejects()).isEqualTo(1);
        assertThatThrownBy(() -> load().longestRecord(5).run(List.of(file)))
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("is a quote missing");
    }

    @Test
    void conflicts_are_left_out() throws Exception {
        target.execute("INSERT INTO readings SELECT g, 9, 'old' FROM generate_series(5, 9) g");
        Path file = CsvFiles.write(directory, "a.csv", good(0, 50) + good(45, 50) + "50,bad,x\n");
        Path rejects = directory.resolve("rejects.csv");

        CsvLoadReport report =
                load().batchRows(20).onConflictDoNothing().rejectsTo(rejects).run(List.of(file));

        assertThat(report.rows()).isEqualTo(45);
        assertThat(report.conflicts()).isEqualTo(10);
        assertThat(report.rejects()).isEqualTo(1);
        assertThat(target.count("SELECT count(*) FROM readings WHERE note = 'old'"))
                .isEqualTo(5);
        assertThat(target.count("SELECT count(*) FROM pg_class WHERE relname = 'hyperferry_csv'"))
                .isZero();
    }

    @Test
    void an_earlier_file_of_rejects_is_not_overwritten() throws Exception {
        Path file = CsvFiles.write(directory, "a.csv", good(0, 1));
        Path rejects = CsvFiles.write(directory, "rejects.csv", "precious");

        assertThatThrownBy(() -> load().rejectsTo(rejects).run(List.of(file)))
                .isInstanceOf(CsvInputException.class)
                .hasMessageContaining("move it away");
        assertThat(rejects).hasContent("precious");
        assertThat(target.count("SELECT count(*) FROM readings")).isZero();
    }
}
