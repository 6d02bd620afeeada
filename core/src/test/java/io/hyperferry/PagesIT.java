package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A large plain table travels by its pages, and no row is lost or doubled when these change between two of its slices. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class PagesIT {
    /** Each on a page of its own. */
    private static final int ROWS = 25_000;

    private static final int PIECES = 3;
    private static final long LITTLE_A_SECOND = 1_000_000;

    private TestDatabase from;
    private TestDatabase to;

    @BeforeEach
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("from");
        to = target.createSibling("to");
        from.execute(
                "CREATE TABLE large (id int, note text) WITH (fillfactor = 10)",
                "INSERT INTO large SELECT i, repeat(chr(97 + i % 26), 600) FROM generate_series(1, " + ROWS + ") i",
                "CREATE TABLE heir (more int) INHERITS (large)",
                "INSERT INTO heir VALUES (0, 'of an heir', 1)",
                "CREATE TABLE refers (id int)",
                "INSERT INTO refers VALUES (" + ROWS + ")",
                "ALTER TABLE large ADD PRIMARY KEY (id)",
                "ALTER TABLE refers ADD FOREIGN KEY (id) REFERENCES large");
    }

    private static List<List<String>> rows(TestDatabase database) {
        return database.rows(
                "SELECT tableoid::regclass, count(*), sum(hash_record_extended(ROW(id, note), 0)) FROM large"
                        + " GROUP BY 1 ORDER BY 1");
    }

    private static MigrationReport.TableResult large(MigrationReport report) {
        return report.tables().stream()
                .filter(it -> it.table().name().equals("large"))
                .findFirst()
                .orElseThrow();
    }

    /** Starts with one slow worker, and waits until the first piece is there and not the last. */
    private MigrationRun startSlowly() {
        MigrationRun run = Migrations.between(from, to)
                .parallelism(1)
                .rateLimit(LITTLE_A_SECOND)
                .start();
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .ignoreExceptions()
                .until(() -> to.count("SELECT count(*) FROM hyperferry.slice WHERE done_at IS NOT NULL") > 0);
        return run;
    }

    @Test
    void the_pieces_make_the_whole() {
        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(large(report).readings()).isEqualTo(Map.of("SNAPSHOT", (long) PIECES));
        assertThat(to.rows("SELECT row_count > 0 FROM hyperferry.slice WHERE relation = 'public.large'"))
                .as("every piece has some of the rows")
                .hasSize(PIECES)
                .allMatch(it -> it.equals(List.of("t")));
        assertThat(rows(to)).isEqualTo(rows(from));
        assertThat(Migrations.between(from, to).verify().identical()).isTrue();
    }

    @Test
    void verify_finds_a_row_that_is_not_the_same() {
        Migrations.between(from, to).run();
        to.execute("UPDATE large SET note = 'other' WHERE id = " + ROWS / 2);

        MigrationReport report = Migrations.between(from, to).verify();

        assertThat(large(report).mismatches())
                .containsExactly("whole table: " + ROWS + " rows on both sides, not all of them the same");
    }

    @Test
    void after_an_interruption_the_whole_table_is_read_under_the_new_snapshot() {
        MigrationRun run = startSlowly();
        run.cancel();
        assertThatThrownBy(run::await).isInstanceOf(MigrationCancelledException.class);
        Migrations.awaitNoSession(from, to);
        long copied = to.count(
                "SELECT count(*) FROM hyperferry.slice WHERE relation = 'public.large' AND done_at IS NOT NULL");
        assertThat(copied).as("pieces that are there").isBetween(1L, PIECES - 1L);
        // What is left of the last pages moves to the first.
        from.execute("DELETE FROM ONLY large WHERE id <= " + ROWS / 2, "VACUUM FULL large");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(rows(to)).isEqualTo(rows(from));
        assertThat(large(report).slicesNow()).isEqualTo(PIECES);
        assertThat(large(report).readings()).isEqualTo(Map.of("SNAPSHOT", (long) PIECES));
    }

    @Test
    void a_table_that_is_rewritten_between_two_of_its_pieces_is_read_as_a_whole() throws SQLException {
        MigrationRun run = startSlowly();
        try (Connection rewriter = from.connect();
                Statement statement = rewriter.createStatement()) {
            rewriter.setAutoCommit(false);
            // Waits for the piece at hand, and the next one waits for it.
            statement.execute("LOCK TABLE ONLY large IN ACCESS EXCLUSIVE MODE");
            statement.execute("DELETE FROM ONLY large WHERE id <= " + ROWS / 2);
            statement.execute("CLUSTER large USING large_pkey");
            statement.execute("ALTER TABLE large SET WITHOUT CLUSTER");
            rewriter.commit();
        }
        run.liftRateLimit();

        MigrationReport report = run.await();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(rows(to)).isEqualTo(rows(from));
        assertThat(large(report).readings()).isEqualTo(Map.of("REWRITTEN", (long) PIECES));
        assertThat(report.toText()).contains("public.large: 3 slices were rewritten on the source meanwhile");
    }
}
