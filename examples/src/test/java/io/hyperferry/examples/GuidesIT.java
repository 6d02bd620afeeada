package io.hyperferry.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.CatalogJson;
import io.hyperferry.CatchUpReport;
import io.hyperferry.Export;
import io.hyperferry.Migration;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationRun;
import io.hyperferry.PgTools;
import io.hyperferry.WorkSummary;
import io.hyperferry.copy.CopySummary;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each program that shows how to use a feature does what it shows. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuidesIT {
    private static final long ROWS = 31 * 24;

    private final TestDatabase from;
    private final TestDatabase targets;

    GuidesIT(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("january");
        targets = target;
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, level float8)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '5 days')",
                "INSERT INTO readings SELECT t, sin(extract(epoch FROM t))"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01', '2026-01-31 23:00', '1 hour') t");
    }

    private static PgTools tools(TestDatabase target) {
        List<String> prefix = target.server().quickToolPrefix();
        return prefix.isEmpty() ? PgTools.onPath() : PgTools.command(prefix.toArray(String[]::new));
    }

    private static void assertArrived(MigrationReport report, TestDatabase to) {
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(ROWS);
    }

    @Test
    void move_in_a_service_with_pools() {
        TestDatabase to = targets.createSibling("pools");

        MigrationReport report = MoveInService.move(
                from.jdbcUrl(), to.jdbcUrl(), from.user(), from.password().toCharArray(), tools(to));

        assertArrived(report, to);
    }

    @Test
    void copy_one_table_with_the_engine_alone() {
        TestDatabase to = targets.createSibling("engine");
        to.execute("CREATE TABLE readings (time timestamptz NOT NULL, level float8)");

        CopySummary summary = CopyOneTable.copy(withUser(from), withUser(to), "readings", "time");

        assertThat(summary.rows()).isEqualTo(ROWS);
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(ROWS);
    }

    private static String withUser(TestDatabase database) {
        return database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "user=" + database.user()
                + "&password=" + database.password();
    }

    @Test
    void keep_a_catalog_for_tests(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("january.json");

        KeepCatalog.main(new String[] {withUser(from), file.toString()});

        assertThat(CatalogJson.read(Files.readString(file)).hypertables())
                .singleElement()
                .satisfies(it -> assertThat(it.chunks()).hasSize(7));
    }

    @Test
    void pause_and_resume() {
        TestDatabase to = targets.createSibling("paused");

        MigrationReport report = PauseAndResume.move(
                from.url(),
                to.url(),
                tools(to),
                () -> assertThat(to.value("SELECT to_regclass('readings')::text"))
                        .isNull());

        assertArrived(report, to);
    }

    @Test
    void watch_with_micrometer() {
        TestDatabase to = targets.createSibling("metered");
        SimpleMeterRegistry registry = new SimpleMeterRegistry();

        assertArrived(WatchWithMicrometer.move(from.url(), to.url(), tools(to), registry), to);

        assertThat(registry.get("hyperferry.copied.rows").counter().count()).isEqualTo(ROWS);
    }

    @Test
    void help_from_another_machine() {
        TestDatabase to = targets.createSibling("helped");
        CompletableFuture<WorkSummary> helper =
                CompletableFuture.supplyAsync(() -> HelpFromAnotherMachine.help(from.url(), to.url()));
        MigrationRun leader = Migration.from(from.url())
                .to(to.url())
                .parallelism(1)
                .rateLimit(5_000)
                .pgTools(tools(to))
                .start();

        assertArrived(leader.await(), to);
        assertThat(helper.join().slices()).isPositive();
    }

    @Test
    void catch_up_and_cut_over() {
        TestDatabase to = targets.createSibling("cut_over");
        TestDatabase changing = targets.createSibling("changing");
        changing.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, level float8)",
                "SELECT create_hypertable('readings', 'time')",
                "INSERT INTO readings VALUES ('2026-01-01', 1)");

        CatchUpReport last = CutOver.move(
                changing.url(),
                to.url(),
                tools(to),
                () -> changing.execute("INSERT INTO readings VALUES ('2026-01-01 12:00', 2), ('2026-02-01', 3)"));

        assertThat(last.still()).isTrue();
        assertThat(to.count("SELECT count(*) FROM readings")).isEqualTo(3);
    }

    @Test
    void move_through_files(@TempDir Path directory) {
        TestDatabase to = targets.createSibling("files");
        Export export = Migration.from(from.url()).exportTo(directory).pgTools(tools(to));

        assertArrived(
                MoveThroughFiles.move(export, Migration.fromExport(directory).to(to.url())), to);
    }
}
