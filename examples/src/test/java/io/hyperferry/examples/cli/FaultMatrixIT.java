package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Migration;
import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationRun;
import io.hyperferry.PgTools;
import io.hyperferry.Step;
import io.hyperferry.examples.cli.Fault.Stage;
import io.hyperferry.examples.cli.FaultTable.End;
import io.hyperferry.testkit.OwnServer;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every fault in every phase, at random moments of it: no row is lost, none comes twice, and nothing is stuck. A run either gets over its
 * fault, or fails with a clear error and the next run goes on. What arrived is asked of the servers, not of Hyperferry. The servers are this test's
 * own, since some of the faults would disturb others.
 *
 * <p>{@code dev/faults} runs it with more runs: {@code hyperferry.faults.runs}, {@code hyperferry.faults.seed} and
 * {@code hyperferry.faults.phases}, a comma-separated list. Without these it is a sample of
 * faults, another one each time; the same seed gives the same faults in the same phases after the same time.
 */
class FaultMatrixIT {
    private static final int RUNS = Integer.getInteger("hyperferry.faults.runs", 8);
    private static final long SEED = Long.getLong("hyperferry.faults.seed", new Random().nextLong());
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String PHASES = System.getProperty("hyperferry.faults.phases", "");
    static final List<String> TABLES = List.of("readings", "log");

    /** A database of this size, and about as much again for what moves. */
    private static final int SMALL_MEGABYTES = 96;

    private final FaultTable table = new FaultTable();
    private final List<String> story = new ArrayList<>();
    private final Map<OwnServer, TestDatabase> migrated = new HashMap<>();
    private @Nullable OwnServer smallDisk;

    /** When a fault strikes. */
    enum Phase {
        COPYING,
        AFTER_COPYING,
        VERIFYING,
        PLANNING,
        SCHEMA,
        VERIFY,
        REPAIR,
        CATCH_UP;

        /** Whether a command other than a migration runs, after one. */
        boolean isVerb() {
            return this == VERIFY || this == REPAIR || this == CATCH_UP;
        }

        boolean begins(Step step, boolean copied) {
            return switch (this) {
                case PLANNING, VERIFY, REPAIR, CATCH_UP -> false;
                case SCHEMA -> !copied && !(step instanceof Step.CopyData);
                case COPYING -> step instanceof Step.CopyData;
                case AFTER_COPYING -> copied;
                case VERIFYING -> step instanceof Step.Verify;
            };
        }
    }

    @Test
    void no_fault_loses_or_doubles_a_row() throws InterruptedException {
        Random random = new Random(SEED);
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        Collections.shuffle(faults, random);
        List<Phase> phases = PHASES.isEmpty()
                ? List.of(Phase.values())
                : Stream.of(PHASES.split(",")).map(Phase::valueOf).toList();
        try (OwnServer from = OwnServer.source();
                OwnServer to = OwnServer.target()) {
            TestDatabase source = from.createDatabase("source");
            fill(source);
            try (TcpProxy toSource = TcpProxy.before(source)) {
                for (int i = 0; i < RUNS; i++) {
                    Fault fault = faults.get(i % faults.size());
                    // Few runs meet every phase, and many meet every pair.
                    Phase phase = phases.get((i % faults.size() + i / faults.size()) % phases.size());
                    OwnServer server = fault.needsSmallDisk() ? smallDisk() : to;
                    if (phase.isVerb()) {
                        oneVerb(fault, phase, from, source, toSource, server, random);
                    } else {
                        oneRun(fault, phase, from, source, toSource, server, random);
                    }
                }
            }
        } finally {
            if (smallDisk != null) {
                smallDisk.close();
            }
            System.err.println("seed " + SEED + "\n" + String.join("\n", story) + "\n\n" + table);
        }
        assertThat(table.flawless()).as("%s\n%s", story, table).isTrue();
    }

    private void oneVerb(
            Fault fault,
            Phase phase,
            OwnServer from,
            TestDatabase source,
            TcpProxy toSource,
            OwnServer to,
            Random random)
            throws InterruptedException {
        TestDatabase target = migrated.computeIfAbsent(to, server -> server.createDatabase("migrated"));
        try (TcpProxy toTarget = TcpProxy.before(target)) {
            Stage stage = new Stage(source, target, from, to, toSource, toTarget);
            String name = String.format(Locale.ROOT, "%s while %s", fault, phase);
            long start = System.nanoTime();
            VerbRun run = new VerbRun(name, phase, stage, story);
            run.prepare();
            End end = run.strike(fault, random.nextDouble(), LONGEST);
            assertLedgerAgrees(name, target);
            assertNoAdvisoryLock(name, target);
            table.add(fault, phase, end, run.lost(), run.doubled());
            System.err.println(name + ": " + end + ", " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }

    private OwnServer smallDisk() {
        OwnServer server = smallDisk == null ? OwnServer.targetOnSmallDisk(SMALL_MEGABYTES) : smallDisk;
        smallDisk = server;
        return server;
    }

    private void oneRun(
            Fault fault,
            Phase phase,
            OwnServer from,
            TestDatabase source,
            TcpProxy toSource,
            OwnServer to,
            Random random)
            throws InterruptedException {
        TestDatabase target = to.createDatabase("target");
        try (TcpProxy toTarget = TcpProxy.before(target)) {
            Stage stage = new Stage(source, target, from, to, toSource, toTarget);
            fault.prepare(stage);
            oneRun(fault, phase, stage, random);
            Fault.undo(stage);
        }
        to.drop(target);
    }

    private void oneRun(Fault fault, Phase phase, Stage stage, Random random) throws InterruptedException {
        String name = String.format(Locale.ROOT, "%s while %s", fault, phase);
        long start = System.nanoTime();
        CountDownLatch begun = new CountDownLatch(1);
        int delay = random.nextInt(phase == Phase.COPYING ? 400 : 150);
        boolean[] copied = {false};
        MigrationRun run = migration(stage)
                .listener(event -> {
                    if (event instanceof MigrationEvent.StepStarted started) {
                        if (phase.begins(started.step(), copied[0])) {
                            begun.countDown();
                        }
                        copied[0] |= started.step() instanceof Step.CopyData;
                    }
                })
                .start();
        if (phase == Phase.PLANNING) {
            begun.countDown();
        }
        awaitBeginning(begun, run);
        Thread.sleep(delay);
        fault.strike(stage);
        End end = end(run, name);
        stage.toSource().restore();
        stage.toTarget().restore();
        CliRuns.awaitNoSession(stage.source(), stage.target());
        assertLedgerAgrees(name, stage.target());
        if (end == End.NEXT_RUN) {
            end = end(migration(stage).start(), name) == End.SAME_RUN ? End.NEXT_RUN : End.STUCK;
            CliRuns.awaitNoSession(stage.source(), stage.target());
        }
        compare(fault, phase, name, end, stage);
        System.err.println(name + ": " + end + ", " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    static Migration migration(Stage stage) {
        List<String> tools = stage.target().server().quickToolPrefix();
        return Migration.from(stage.toSource().url())
                .to(stage.toTarget().url())
                .splitBy(Duration.ofHours(12))
                .parallelism(2)
                .rateLimit(1_500_000)
                .retries(8)
                .backoff(Duration.ofMillis(50), Duration.ofSeconds(2))
                .pgTools(tools.isEmpty() ? PgTools.onPath() : PgTools.command(tools.toArray(String[]::new)));
    }

    private static void awaitBeginning(CountDownLatch begun, MigrationRun run) throws InterruptedException {
        while (begun.getCount() > 0 && !run.isDone()) {
            Thread.sleep(2);
        }
    }

    private End end(MigrationRun run, String name) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!run.isDone() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        if (!run.isDone()) {
            story.add(name + ": stuck");
            run.cancel();
            return End.STUCK;
        }
        try {
            run.await();
            return End.SAME_RUN;
        } catch (MigrationException e) {
            story.add(name + ": " + e.code() + ": " + e.getMessage());
            assertThat(e.code()).isNotEqualTo(MigrationException.Code.NOT_IDENTICAL);
            return End.NEXT_RUN;
        }
    }

    /** What the ledger has as done is there, and nothing else is. */
    private static void assertLedgerAgrees(String name, TestDatabase target) {
        if (target.value("SELECT to_regclass('hyperferry.slice')::text") == null) {
            return;
        }
        for (String each : TABLES) {
            if (target.value("SELECT to_regclass('" + each + "')::text") != null) {
                assertThat(target.count("SELECT count(*) FROM " + each))
                        .as("%s: %s and the ledger", name, each)
                        .isEqualTo(target.count("SELECT coalesce(sum(row_count), 0) FROM hyperferry.slice"
                                + " WHERE done_at IS NOT NULL AND relation = 'public." + each + "'"));
            }
        }
    }

    private void compare(Fault fault, Phase phase, String name, End end, Stage stage) {
        long lost = 0;
        long doubled = 0;
        for (String each : TABLES) {
            long there = stage.source().count("SELECT count(*) FROM " + each);
            boolean arrived = stage.target().value("SELECT to_regclass('" + each + "')::text") != null;
            long here = arrived ? stage.target().count("SELECT count(*) FROM " + each) : 0;
            lost += Math.max(0, there - here);
            doubled += Math.max(0, here - there);
            if (there == here) {
                String digest = "SELECT coalesce(sum(hash_record_extended(t, 0)), 0)::text FROM " + each + " t";
                assertThat(stage.target().value(digest))
                        .as("%s: %s", name, each)
                        .isEqualTo(stage.source().value(digest));
            }
        }
        assertLedgerAgrees(name, stage.target());
        assertNoAdvisoryLock(name, stage.target());
        table.add(fault, phase, end, lost, doubled);
    }

    private static void assertNoAdvisoryLock(String name, TestDatabase target) {
        assertThat(target.count("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                        + " WHERE d.datname = current_database() AND l.locktype = 'advisory'"))
                .as("%s: advisory locks", name)
                .isZero();
    }

    private static void fill(TestDatabase source) {
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, sensor int NOT NULL, level float8, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, extract(epoch FROM t)::bigint % 10, sin(extract(epoch FROM t)), md5(t::text)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-06 23:59:59+00', '30 seconds') t",
                "CREATE INDEX ON readings (level)",
                "CREATE TABLE log (line text)",
                "INSERT INTO log SELECT repeat('line ' || i, 5) FROM generate_series(1, 5000) i",
                "CREATE INDEX log_line ON log (line)");
        if (source.server().community()) {
            source.execute(
                    "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'sensor')",
                    "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-03 00:00+00') c",
                    "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS"
                            + " SELECT time_bucket('1 hour', time) AS hour, count(*) AS n FROM readings GROUP BY 1");
        }
    }
}
