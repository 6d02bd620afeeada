package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Migration;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.examples.cli.Fault.Stage;
import io.hyperferry.examples.cli.FaultMatrixIT.Phase;
import io.hyperferry.examples.cli.FaultTable.End;
import io.hyperferry.testkit.TestDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A verification, a repair or a catch-up that a fault strikes, after a finished migration and with rows that changed on the source since. */
final class VerbRun {
    /** Rows that each run changes, of each table, in chunks of both kinds. The others are equal all the time. */
    private static final Map<String, String> CHANGED = Map.of(
            "readings",
            "(time >= '2026-01-01 06:00+00' AND time < '2026-01-01 12:00+00'"
                    + " OR time >= '2026-01-05 06:00+00' AND time < '2026-01-05 12:00+00')",
            "log",
            "line LIKE 'line 42line%'");

    private static final long UNLIMITED = 1L << 40;

    private final String name;
    private final Phase phase;
    private final Stage stage;
    private final List<String> story;
    private Map<String, @Nullable String> before = Map.of();

    /** How long a verb takes that nothing strikes. */
    private long calmMillis;

    VerbRun(String name, Phase phase, Stage stage, List<String> story) {
        this.name = name;
        this.phase = phase;
        this.stage = stage;
        this.story = story;
    }

    /** Makes both sides equal, and changes rows of the source. */
    void prepare() {
        if (stage.target().value("SELECT to_regclass('hyperferry.slice')::text") == null) {
            migration().rateLimit(UNLIMITED).run();
        }
        long start = System.nanoTime();
        migration().repair();
        calmMillis = (System.nanoTime() - start) / 1_000_000;
        assertEqualRows("before the fault");
        stage.source()
                .execute(
                        "UPDATE readings SET level = level + 1 WHERE " + CHANGED.get("readings"),
                        "UPDATE log SET line = line || 'x' WHERE " + CHANGED.get("log"));
        before = digests(stage.target(), "true");
    }

    private Migration migration() {
        return FaultMatrixIT.migration(stage);
    }

    /** Lets a fault strike the verb after a part of the time that it takes. */
    End strike(Fault fault, double part, Duration longest) throws InterruptedException {
        fault.prepare(stage);
        FutureTask<Object> verb = new FutureTask<>(this::verb);
        Thread thread = new Thread(verb, "verb");
        thread.start();
        Thread.sleep((long) (part * calmMillis));
        fault.strike(stage);
        End end = end(verb, thread, longest);
        stage.toSource().restore();
        stage.toTarget().restore();
        Fault.undo(stage);
        CliRuns.awaitNoSession(stage.source(), stage.target());
        assertEqualRowsAreUntouched();
        if (end == End.NEXT_RUN) {
            verb();
            CliRuns.awaitNoSession(stage.source(), stage.target());
        }
        if (phase == Phase.VERIFY) {
            assertThat(digests(stage.target(), "true"))
                    .as("%s: only reads", name)
                    .isEqualTo(before);
        } else if (end != End.STUCK) {
            assertEqualRows("after the fault");
        }
        return end;
    }

    private Object verb() {
        return switch (phase) {
            case VERIFY -> verified(migration().verify());
            case REPAIR -> migration().repair();
            case CATCH_UP -> migration().catchUp();
            default -> throw new IllegalStateException("not a verb: " + phase);
        };
    }

    private MigrationReport verified(MigrationReport report) {
        assertThat(report.tables())
                .as("%s: what differs", name)
                .filteredOn(
                        result -> FaultMatrixIT.TABLES.contains(result.table().name()))
                .hasSize(2)
                .noneMatch(TableResult::identical);
        return report;
    }

    private End end(FutureTask<Object> verb, Thread thread, Duration longest) throws InterruptedException {
        try {
            verb.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return End.SAME_RUN;
        } catch (TimeoutException e) {
            story.add(name + ": stuck");
            thread.interrupt();
            return End.STUCK;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof MigrationException failure)) {
                throw new IllegalStateException(name, e.getCause());
            }
            story.add(name + ": " + failure.code() + ": " + failure.getMessage());
            assertHelps(String.valueOf(failure.getMessage()));
            return End.NEXT_RUN;
        }
    }

    /** A message names the side, the table unless the session that leads failed, and what to do. */
    private void assertHelps(String message) {
        assertThat(message).as(name).containsPattern("(source|target)");
        assertThat(message)
                .as(name)
                .containsPattern("(public\\.(readings|log)|a statement on the|cannot be connected to)");
        assertThat(message).as(name).containsPattern("(run it again|Run it again|Check )");
    }

    long lost() {
        return difference(stage.source(), stage.target());
    }

    long doubled() {
        return difference(stage.target(), stage.source());
    }

    private static long difference(TestDatabase more, TestDatabase less) {
        return FaultMatrixIT.TABLES.stream()
                .mapToLong(table -> Math.max(0, rows(more, table) - rows(less, table)))
                .sum();
    }

    private static long rows(TestDatabase database, String table) {
        return database.count("SELECT count(*) FROM " + table);
    }

    private void assertEqualRows(String when) {
        assertThat(digests(stage.target(), "true")).as("%s, %s", name, when).isEqualTo(digests(stage.source(), "true"));
    }

    private void assertEqualRowsAreUntouched() {
        assertThat(digests(stage.target(), "NOT %s"))
                .as("%s: rows that were equal", name)
                .isEqualTo(digests(stage.source(), "NOT %s"));
    }

    private static Map<String, @Nullable String> digests(TestDatabase database, String condition) {
        Map<String, @Nullable String> digests = new HashMap<>();
        CHANGED.forEach((table, changed) -> digests.put(
                table,
                database.value("SELECT count(*) || ' ' || coalesce(sum(hash_record_extended(t, 0)), 0) FROM " + table
                        + " t WHERE " + condition.replace("%s", changed))));
        return digests;
    }
}
