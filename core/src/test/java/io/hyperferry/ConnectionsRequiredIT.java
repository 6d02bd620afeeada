package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools with as many connections as are said to be required are enough for everything, and smaller ones are named at once. */
@ExtendWith(TimescaleExtension.class)
class ConnectionsRequiredIT {
    private static final String NAME = "pooled";

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void so_many_are_enough_for_every_verb(
            int workers, @Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory)
            throws Exception {
        TestDatabase from = source.createSibling(NAME + workers);
        TestDatabase to = target.createSibling(NAME + workers);
        Migrations.fillReadings(from, 4);
        from.execute("CREATE TABLE plain (id int PRIMARY KEY)", "INSERT INTO plain VALUES (1)");
        MigrationPlan.Connections required = MigrationPlan.connectionsRequired(workers);
        CountingPool ours = new CountingPool(from.dataSource(), required.source());
        CountingPool theirs = new CountingPool(to.dataSource(), required.target());
        Migration migration = Migration.from(Database.of(ours).withPassword(from.password()))
                .to(theirs)
                .parallelism(workers)
                .lockPatience(Duration.ofMillis(200))
                .pgTools(Migrations.tools(to));

        assertThat(migration.run().identical()).isTrue();
        from.execute("INSERT INTO readings VALUES ('2026-01-02 00:00:30', 1, 'new')");
        assertThat(migration.catchUp().outcome()).isEqualTo(CatchUpReport.Outcome.IDENTICAL);
        to.execute("UPDATE plain SET id = 2");
        assertThat(migration.repair().repairs()).isNotEmpty();
        assertThat(migration.verify().identical()).isTrue();
        Migration.from(Database.of(ours).withPassword(from.password()))
                .exportTo(directory.resolve("export"))
                .parallelism(workers)
                .pgTools(Migrations.tools(from))
                .run();
        assertThat(ours.used()).isZero();
        assertThat(theirs.used()).isZero();
    }

    @Test
    void a_pool_that_is_too_small_is_named_at_once(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("small");
        TestDatabase to = target.createSibling("small");
        Migrations.fillReadings(from, 2);
        Instant start = Instant.now();

        MigrationException failure = catchThrowableOfType(
                MigrationException.class,
                () -> Migration.from(Database.of(new CountingPool(from.dataSource(), 1))
                                .withPassword(from.password()))
                        .to(to.url())
                        .parallelism(1)
                        .pgTools(Migrations.tools(to))
                        .run());

        assertThat(failure)
                .hasMessageContaining("Connection is not available")
                .hasMessageNotContaining("SQLState null");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void a_closed_pool_is_named_at_once(@Target TestDatabase target) {
        PreflightException refused = catchThrowableOfType(
                PreflightException.class,
                () -> Migration.from(CountingPool.closed(target.dataSource()))
                        .to(target.url())
                        .run());

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.SOURCE_UNREACHABLE);
            assertThat(problem.message()).contains("pool has been closed").doesNotContain("SQLState");
            assertThat(problem.remedy()).contains("the pool is open");
        });
    }
}
