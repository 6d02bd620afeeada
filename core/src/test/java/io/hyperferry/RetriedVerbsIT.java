package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.MigrationEvent.Restarting;
import io.hyperferry.MigrationEvent.Retrying;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verifications, repairs and catch-ups that lose connections resume by themselves, or say where they failed and what to do. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class RetriedVerbsIT {
    private static final String DIGEST = "SELECT count(*) || ' ' || sum(hash_record_extended(r, 0)) FROM readings r";

    /** What a query of a verification begins with, and no other statement. */
    private static final String QUERY = "SET TRANSACTION READ ONLY";

    private final List<Retrying> retries = new CopyOnWriteArrayList<>();
    private final List<Restarting> restarts = new CopyOnWriteArrayList<>();
    private TestDatabase source;
    private TestDatabase target;
    private TcpProxy toSource;
    private TcpProxy toTarget;

    @BeforeEach
    void migrate(@Source TestDatabase from, @Target TestDatabase to) {
        source = from.createSibling("from");
        target = to.createSibling("to");
        toSource = TcpProxy.before(source);
        toTarget = TcpProxy.before(target);
        Migrations.fillReadings(source, 2);
        assertThat(Migrations.between(source, target).run().identical()).isTrue();
    }

    @AfterEach
    void leaveNothingBehind() {
        toSource.close();
        toTarget.close();
        Migrations.awaitNoSession(source, target);
    }

    private Migration migration() {
        return noted(Migration.from(toSource.url()).to(toTarget.url()), retry -> {});
    }

    private Migration noted(Migration migration, Consumer<Retrying> onRetry) {
        return migration.backoff(Duration.ofMillis(20), Duration.ofMillis(200)).listener(event -> {
            if (event instanceof Retrying retrying) {
                retries.add(retrying);
                onRetry.accept(retrying);
            } else if (event instanceof Restarting restarting) {
                restarts.add(restarting);
            }
        });
    }

    /** Loses the connection of a query, and then all sessions, also those that lead. */
    private Migration losingAllSessions() {
        toSource.cutAnswerTo(QUERY);
        return noted(Migration.from(toSource.url()).to(toTarget.url()), retry -> {
            if (retries.size() == 1) {
                assertThat(Faults.terminateBackends(source, "hyperferry")).isPositive();
                assertThat(Faults.terminateBackends(target, "hyperferry")).isPositive();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target"})
    void a_query_of_a_verification_that_loses_its_connection_is_asked_again(String side) {
        (side.equals("source") ? toSource : toTarget).cutAnswerTo(QUERY);

        MigrationReport report = migration().verify();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(restarts).as("what was digested is not digested again").isEmpty();
        assertThat(retries).singleElement().satisfies(retry -> {
            assertThat(retry.reason()).startsWith("08");
            assertThat(retry.what()).startsWith("public.readings").endsWith("on the " + side);
            assertThat(retry.message()).startsWith("asking about public.readings");
        });
    }

    @Test
    void a_verification_gets_over_the_loss_of_all_its_sessions_without_beginning_again() {
        MigrationReport report = losingAllSessions().verify();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(restarts).isEmpty();
    }

    @Test
    void a_repair_that_loses_all_its_sessions_compares_again_and_repairs() {
        target.execute("UPDATE readings SET n = n + 1 WHERE time < '2026-01-01 06:00+00'");

        RepairReport report = losingAllSessions().repair();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(target.value(DIGEST)).isEqualTo(source.value(DIGEST));
        assertThat(restarts).hasSize(1);
        assertThat(report.repairs()).hasSize(1);
    }

    @Test
    void a_catch_up_that_loses_all_its_sessions_resumes_from_the_ledger() {
        source.execute("UPDATE readings SET n = n + 1 WHERE time < '2026-01-01 06:00+00'");

        CatchUpReport report = losingAllSessions().catchUp();

        assertThat(target.value(DIGEST)).as(report.toText()).isEqualTo(source.value(DIGEST));
        assertThat(restarts).hasSize(1);
    }

    @Test
    void a_verification_of_an_export_asks_again(@TempDir Path directory) {
        Migration.from(source.url())
                .exportTo(directory.resolve("export"))
                .pgTools(Migrations.tools(source))
                .run();
        TestDatabase empty = target.createSibling("imported");
        try (TcpProxy toImported = TcpProxy.before(empty)) {
            Migration imported = noted(
                    Migration.fromExport(directory.resolve("export"))
                            .to(toImported.url())
                            .pgTools(Migrations.tools(target)),
                    retry -> {});
            assertThat(imported.run().identical()).isTrue();
            toImported.cutAnswerTo(QUERY);

            assertThat(imported.verify().identical()).isTrue();

            assertThat(retries).hasSize(1);
        }
        Migrations.awaitNoSession(empty);
    }

    @Test
    void a_network_that_is_down_for_a_while_does_not_end_a_repair() {
        target.execute("UPDATE readings SET n = n + 1 WHERE time < '2026-01-01 06:00+00'");
        toSource.cutAnswerTo(QUERY);
        Migration migration = noted(Migration.from(toSource.url()).to(toTarget.url()), retry -> {
            if (retries.size() == 1) {
                toSource.takeDown();
                toTarget.takeDown();
            } else if (retries.size() == 3) {
                toSource.restore();
                toTarget.restore();
            }
        });

        assertThat(migration.repair().identical()).isTrue();

        assertThat(retries).hasSizeGreaterThanOrEqualTo(3);
        assertThat(target.value(DIGEST)).isEqualTo(source.value(DIGEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target"})
    void a_failure_for_good_names_the_side_the_table_the_range_and_a_remedy(String side) {
        (side.equals("source") ? toSource : toTarget).cutAnswerTo(QUERY);

        assertThatThrownBy(() -> migration().retries(0).verify())
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        failure -> assertThat(failure.code()).isEqualTo(MigrationException.Code.STEP_FAILED))
                .hasMessageMatching(
                        "the " + side + " did not answer a question about public\\.readings \\(time from .*\\):"
                                + " .* \\[SQLState 08006\\]\\. Check that the " + side
                                + " runs and accepts connections, then run it again\\.");
        assertThat(retries).isEmpty();
        assertThat(restarts).isEmpty();
    }

    @Test
    void the_session_that_leads_is_named_when_it_fails_for_good() {
        // The first statement that reads a catalog.
        toTarget.cutAnswerTo("pg_extension");

        assertThatThrownBy(() -> migration().retries(0).verify())
                .hasMessageContaining("target")
                .hasMessageContaining("Check ");
    }
}
