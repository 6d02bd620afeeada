package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that their chunks hold outside of their bounds arrive, are compared, and are never replaced by ranges of time. */
@ExtendWith(TimescaleExtension.class)
class RowsOutsideChunksIT {
    private static final int ROWS = 30;
    private static final String CONTENT =
            "SELECT count(*) || ' ' || sum(hashtextextended((extract(epoch FROM t), v)::text, 0)) FROM altered";

    /** The type of the time column was changed in another time zone, after which TimescaleDB keeps the bounds of the chunks. */
    private static void fill(TestDatabase database) {
        database.execute(
                "CREATE TABLE altered (t timestamp NOT NULL, v int)",
                "SELECT create_hypertable('altered', 't', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO altered SELECT TIMESTAMP '2026-01-01' + g * INTERVAL '3 hours', g FROM generate_series(1, "
                        + ROWS + ") g",
                "SET timezone = 'Asia/Tokyo'; ALTER TABLE altered ALTER t TYPE timestamptz; RESET timezone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P365D", "PT6H"})
    void all_of_them_arrive_and_the_table_is_compared_as_a_whole(
            Duration split, @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("outside" + split.toHours());
        TestDatabase to = target.createSibling("outside" + split.toHours());
        fill(from);
        Migration migration = Migrations.between(from, to).splitBy(split);

        MigrationReport report = migration.run();

        assertThat(to.value(CONTENT)).isEqualTo(from.value(CONTENT));
        assertThat(report.identical()).isTrue();
        assertThat(report.warnings())
                .extracting(problem -> problem.code() + " " + problem.object())
                .contains("ROWS_OUTSIDE_CHUNKS public.altered");
        MigrationReport verified = migration.verify();
        assertThat(verified.identical()).as(verified.toText()).isTrue();
        assertThat(verified.warnings()).extracting(Problem::code).containsExactly(Problem.Code.ROWS_OUTSIDE_CHUNKS);
    }

    @Test
    void catch_up_and_repair_change_nothing_and_say_why(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("followed");
        TestDatabase to = target.createSibling("followed");
        fill(from);
        Migration migration = Migrations.between(from, to).splitBy(Duration.ofHours(6));
        migration.run();

        CatchUpReport still = migration.catchUp();
        assertThat(still.outcome()).as(still.toString()).isEqualTo(CatchUpReport.Outcome.IDENTICAL);
        assertThat(to.value(CONTENT)).isEqualTo(from.value(CONTENT));

        from.execute("UPDATE altered SET v = -v WHERE v = 7");
        String before = to.value(CONTENT);
        requireRefused(migration::catchUp);
        assertThat(migration.verify().identical()).isFalse();
        requireRefused(migration::repair);
        assertThat(to.value(CONTENT)).isEqualTo(before);
    }

    @Test
    void an_export_has_all_of_them(@Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory) {
        TestDatabase from = source.createSibling("exported");
        TestDatabase to = target.createSibling("exported");
        fill(from);
        Path export = directory.resolve("export");
        Migration.from(from.url())
                .exportTo(export)
                .splitBy(Duration.ofHours(6))
                .pgTools(Migrations.tools(from))
                .run();

        MigrationReport report = Migration.fromExport(export).to(to.url()).run();

        assertThat(report.identical()).isTrue();
        assertThat(to.value(CONTENT)).isEqualTo(from.value(CONTENT));
    }

    private static void requireRefused(ThrowingCallable verb) {
        PreflightException refused = catchThrowableOfType(PreflightException.class, verb);
        assertThat(refused).isNotNull();
        assertThat(refused.problems())
                .extracting(problem -> problem.code() + " " + problem.object())
                .containsExactly("ROWS_OUTSIDE_CHUNKS public.altered");
    }
}
