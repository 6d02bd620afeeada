package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.MigrationReport.Outcome;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A run that is refused, fails or is cancelled has a report, and the exception carries it. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class EndingsIT {
    @BeforeAll
    static void fill(@Source TestDatabase source) {
        Migrations.fillReadings(source, 3);
        source.execute(
                "CREATE TABLE secrets (word text)",
                "INSERT INTO secrets SELECT 'hush' || n FROM generate_series(1, 1000) n");
    }

    @Test
    void a_refused_run_carries_its_problems(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase used = target.createSibling("used");
        used.execute("CREATE TABLE mine (id int)");

        MigrationReport report = reportOf(PreflightException.class, Migrations.between(source, used));

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.title()).isEqualTo("Refused: 1 problem");
        assertThat(report.source().postgres()).isNotEmpty();
        assertThat(report.toText()).contains("Problems:", "TARGET_NOT_EMPTY", "Name a database");
        assertThat(report.toHtml()).contains("TARGET_NOT_EMPTY");
        assertThat(report.tables()).isEmpty();
    }

    @Test
    void a_run_that_is_refused_before_it_connects_names_the_databases_without_passwords(@Target TestDatabase target) {
        MigrationReport report = reportOf(
                PreflightException.class,
                Migration.from("postgres://app:hush@localhost:1/metrics").to(target.url()));

        assertThat(report.title()).isEqualTo("Refused: 1 problem");
        assertThat(report.source().toString()).contains("localhost:1/metrics");
        assertThat(report.toJson()).doesNotContain("hush");
    }

    @Test
    void a_failed_run_carries_the_step_what_was_done_and_what_was_copied(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase to = target.createSibling("fails");
        Migration migration = Migrations.between(source, to).parallelism(1).listener(event -> {
            if (event instanceof MigrationEvent.SliceCopied copied
                    && copied.table().name().equals("readings")) {
                to.execute("DROP TABLE IF EXISTS secrets");
            }
        });

        MigrationReport report = reportOf(MigrationException.class, migration);

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.title())
                .startsWith("Failed in step "
                        + Objects.requireNonNull(report.failure()).step() + ", copy data: ");
        assertThat(report.steps()).extracting(MigrationReport.StepResult::title).contains("restore schema (pre-data)");
        assertThat(report.tables())
                .filteredOn(table -> table.table().name().equals("readings"))
                .singleElement()
                .satisfies(table -> assertThat(table.slicesNow()).isPositive())
                .satisfies(table -> assertThat(table.identical()).isFalse());
        assertThat(report.attempts()).isEqualTo(1);
        assertThat(report.toText() + report.toHtml() + report.toJson())
                .contains("not compared")
                .doesNotContain("hush", to.password(), "NOT IDENTICAL", "Verified");
    }

    @Test
    void a_cancelled_run_carries_where_it_was(@Source TestDatabase source, @Target TestDatabase target)
            throws InterruptedException {
        TestDatabase to = target.createSibling("cancelled");
        CountDownLatch copying = new CountDownLatch(1);
        MigrationRun run = Migrations.between(source, to)
                .rateLimit(1_000)
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted started
                            && started.step() instanceof Step.CopyData) {
                        copying.countDown();
                    }
                })
                .start();
        assertThat(copying.await(1, TimeUnit.MINUTES)).isTrue();
        run.cancel();

        MigrationReport report =
                Objects.requireNonNull(catchThrowableOfType(MigrationCancelledException.class, run::await)
                        .report());

        assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(report.title()).startsWith("Cancelled in step ").endsWith(", copy data");
        assertThat(report.tables()).isNotEmpty().noneMatch(TableResult::identical);
    }

    @Test
    void verification_repair_catch_up_and_export_carry_theirs(
            @Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory) {
        TestDatabase to = target.createSibling("never_run");
        Migration typo = Migrations.between(source, to).exclude("public.reading");

        assertThat(Objects.requireNonNull(catchThrowableOfType(PreflightException.class, typo::verify)
                                .report())
                        .title())
                .isEqualTo("Refused: 1 problem");
        assertThat(Objects.requireNonNull(catchThrowableOfType(PreflightException.class, typo::repair)
                                .report())
                        .warnings())
                .extracting(Problem::code)
                .containsExactly(Problem.Code.FILTER_MATCHES_NOTHING);
        assertThat(Objects.requireNonNull(catchThrowableOfType(MigrationException.class, typo::catchUp)
                                .report())
                        .title())
                .startsWith("Refused: ");
        Export export = Migration.from(source.url())
                .exportTo(directory.resolve("export"))
                .pgTools(Migrations.tools(target))
                .exclude("public.reading");
        assertThat(Objects.requireNonNull(catchThrowableOfType(PreflightException.class, export::run)
                                .report())
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
    }

    private static MigrationReport reportOf(Class<? extends MigrationException> type, Migration migration) {
        return Objects.requireNonNull(catchThrowableOfType(type, migration::run).report());
    }
}
