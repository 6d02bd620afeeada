package io.hyperferry.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.CatalogJson;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * How to test a migration of your own without a database. A catalog is a value: build it from records, or keep that of a real server as
 * JSON beside the test. {@code Migration.plan(source, target)} is a pure function of it, and the plan can be asked for everything that a run would
 * do.
 */
class PlanWithoutDatabaseTest {
    private static final QualifiedName READINGS = QualifiedName.of("public", "readings");

    /** The migration under test: yours comes from your own code. The URLs are never connected to. */
    private final Migration migration = Migration.from("postgres://app@old/metrics")
            .to("postgres://app@new/metrics")
            .splitBy(Duration.ofHours(12));

    private final DatabaseCatalog target = DatabaseCatalog.empty(ServerInfo.community("metrics", "17.5", "2.29.2"));

    /** A hypertable with two chunks of a day, from records. */
    private static DatabaseCatalog twoDays() {
        long start = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-01-01T00:00:00Z"));
        long day = ChronoUnit.DAYS.getDuration().toNanos() / 1_000;
        List<Chunk> chunks = List.of(chunk(1, start, start + day), chunk(2, start + day, start + 2 * day));
        return DatabaseCatalog.builder(ServerInfo.community("metrics", "17.5", "2.19.3"))
                .tables(List.of(new Table(
                        READINGS,
                        10,
                        Table.Kind.HYPERTABLE,
                        List.of(Column.of("time", "timestamp with time zone"), Column.of("level", "double precision")),
                        0,
                        0)))
                .hypertables(List.of(Hypertable.of(
                        READINGS, List.of(TimeDimension.of("time", "timestamp with time zone", day)), chunks)))
                .build();
    }

    private static Chunk chunk(int number, long from, long to) {
        return new Chunk(
                QualifiedName.of("_timescaledb_internal", "_hyper_1_" + number + "_chunk"),
                100 + number,
                List.of(new DimensionRange("time", from, to)),
                0,
                50_000,
                4_000_000);
    }

    /** A catalog that was read from a real server once, with CatalogReader, and written with CatalogJson. */
    private static DatabaseCatalog kept() throws IOException {
        try (InputStream file = PlanWithoutDatabaseTest.class.getResourceAsStream("metrics-catalog.json")) {
            return CatalogJson.read(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void nothing_keeps_it_from_running_and_each_day_travels_in_two_halves() {
        MigrationPlan plan = migration.plan(twoDays(), target);

        assertThat(plan.isBlocked()).isFalse();
        assertThat(plan.slices()).hasSize(4).noneMatch(Slice::wholeChunk);
        assertThat(plan.slices().mapToLong(Slice::estimatedRows).sum()).isEqualTo(100_000);
        assertThat(plan.toSql()).contains("create_hypertable");
    }

    @Test
    void what_is_excluded_stays_behind() {
        MigrationPlan plan = migration.exclude("public.readings").plan(twoDays(), target);

        assertThat(plan.tables()).isEmpty();
        assertThat(plan.leftOut()).extracting(Step.LeftOut::relation).containsExactly(READINGS);
    }

    @Test
    void an_older_target_is_warned_of_with_a_remedy() {
        DatabaseCatalog older = DatabaseCatalog.empty(ServerInfo.community("metrics", "17.5", "2.19.2"));

        assertThat(migration.plan(twoDays(), older).problems())
                .filteredOn(it -> it.code() == Problem.Code.TARGET_TIMESCALEDB_OLDER)
                .singleElement()
                .satisfies(it -> assertThat(it.blocks()).isFalse())
                .satisfies(it -> assertThat(it.remedy()).isNotEmpty());
    }

    @Test
    void the_database_that_was_kept_can_move_and_another_option_shows_in_the_differences() throws IOException {
        MigrationPlan plan = migration.plan(kept(), target);
        MigrationPlan whole = Migration.from("postgres://app@old/metrics")
                .to("postgres://app@new/metrics")
                .plan(kept(), target);

        assertThat(plan.problems()).as("problems").noneMatch(Problem::blocks);
        assertThat(plan.tables()).extracting(it -> it.table().toString()).contains("public.readings");
        assertThat(whole.hash()).isNotEqualTo(plan.hash());
        assertThat(whole.differences(plan)).contains("option splitBy was not set, is PT12H");
    }
}
