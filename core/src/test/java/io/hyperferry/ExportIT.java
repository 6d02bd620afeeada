package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.ExportReport.ExportedTable;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A database that moves through files. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportIT {
    private static final String ROWS = "SELECT count(*), sum(hash_record_extended(r, 0)) FROM readings r";

    private final TestDatabase from;
    private final TestDatabase targets;
    private final Path exported;
    private final ExportReport report;
    private int copies;

    ExportIT(@Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory) {
        from = source.createSibling("exported");
        targets = target;
        fill(from);
        exported = directory.resolve("whole");
        report = export(exported).run();
    }

    private static void fill(TestDatabase source) {
        source.execute(
                "CREATE TABLE sensors (id serial PRIMARY KEY, name text NOT NULL UNIQUE)",
                "INSERT INTO sensors (name) SELECT 'sensor ' || i FROM generate_series(1, 20) i",
                "CREATE TABLE readings (time timestamptz NOT NULL, sensor int NOT NULL REFERENCES sensors, level float8,"
                        + " twice float8 GENERATED ALWAYS AS (level * 2) STORED)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "CREATE UNIQUE INDEX ON readings (sensor, time)",
                "INSERT INTO readings SELECT t, n, sin(n + extract(epoch FROM t)) FROM generate_series(1, 20) n,"
                        + " generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-06 23:50 UTC', '10 minutes') t",
                "CREATE TABLE notes (at bigint, permission aclitem)",
                "INSERT INTO notes SELECT 1, 'postgres=arwdDxt/postgres'::aclitem",
                "CREATE TABLE nothing ()",
                "CREATE VIEW named AS SELECT name, level FROM readings r JOIN sensors s ON s.id = r.sensor");
        if (source.server().community()) {
            source.execute(
                    "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'sensor')",
                    "SELECT compress_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-04 UTC') c",
                    "INSERT INTO readings VALUES ('2026-01-03 00:05 UTC', 1, 7)",
                    "CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS SELECT time_bucket('1 hour', time) AS hour,"
                            + " sensor, max(level) FROM readings GROUP BY 1, 2",
                    "SELECT add_retention_policy('hourly', INTERVAL '100 years')",
                    "SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '2026-01-02 UTC')");
        }
    }

    private Export export(Path directory) {
        return Migration.from(from.url())
                .exportTo(directory)
                .splitBy(Duration.ofHours(12))
                .parallelism(3)
                .pgTools(Migrations.tools(from));
    }

    private static Migration importOf(Path directory, TestDatabase to) {
        return Migration.fromExport(directory).to(to.url()).parallelism(3);
    }

    @Test
    void a_database_moves_through_files_and_is_verified_like_any_other() {
        TestDatabase to = targets.createSibling("to");

        MigrationReport arrived = importOf(exported, to).run();

        assertThat(arrived.identical()).as(arrived.toText()).isTrue();
        assertThat(Migration.from(from.url()).to(to.url()).verify().identical()).isTrue();
        assertThat(to.rows(ROWS)).isEqualTo(from.rows(ROWS));
        assertThat(to.rows("SELECT id FROM sensors ORDER BY 1"))
                .isEqualTo(from.rows("SELECT id FROM sensors ORDER BY 1"));
        assertThat(importOf(exported, to).verify().identical()).isTrue();
        assertThat(to.value("SELECT nextval('sensors_id_seq')")).isEqualTo("21");
        assertThat(to.value("SELECT permission::text FROM notes")).isEqualTo("postgres=arwdDxt/postgres");
        if (from.server().community()) {
            String hours = "SELECT count(*), sum(hash_record_extended(h, 0)) FROM hourly h";
            assertThat(to.rows(hours)).isEqualTo(from.rows(hours));
            String compressed = "SELECT range_start, is_compressed FROM timescaledb_information.chunks"
                    + " WHERE hypertable_name = 'readings' ORDER BY 1";
            assertThat(to.rows(compressed)).isEqualTo(from.rows(compressed));
            to.execute("UPDATE readings SET level = level + 1 WHERE time = '2026-01-03 00:05 UTC'");
            assertThat(importOf(exported, to).verify().tables())
                    .filteredOn(it -> !it.identical())
                    .singleElement()
                    .satisfies(it -> assertThat(it.table().name()).isEqualTo("readings"));
            assertThat(arrived.tables().stream()
                            .mapToLong(MigrationReport.TableResult::asTuples)
                            .sum())
                    .isEqualTo(2);
        }
    }

    @Test
    @RequiresCommunity
    void exported_tuples_that_the_targets_chunk_cannot_take_end_the_import_with_the_remedy(@TempDir Path directory) {
        TestDatabase indexed = from.createSibling("indexed");
        indexed.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int, level int)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device')",
                "INSERT INTO readings SELECT TIMESTAMPTZ '2026-01-01 UTC' + g * INTERVAL '1 hour', 1, g FROM generate_series(0, 47) g",
                "SELECT compress_chunk(c) FROM show_chunks('readings') c",
                "CREATE INDEX ON readings (level)");
        Path export = directory.resolve("tuples");
        Migration.from(indexed.url())
                .exportTo(export)
                .pgTools(Migrations.tools(indexed))
                .run();
        TestDatabase to = targets.createSibling("to_indexed");

        assertThatThrownBy(() -> importOf(export, to).run())
                .hasMessageContaining("cannot take the compressed tuples that were exported")
                .hasMessageContaining("--compressed rows")
                .hasMessageContaining("the target's compressed relation has in addition _ts_meta_")
                .hasMessageContaining("remove the cause, then run it again");
        assertThat(to.count("SELECT count(*) FROM readings")).isZero();
    }

    @Test
    void the_report_says_what_is_in_the_files() {
        assertThat(report.tables())
                .extracting(it -> it.table().name())
                .contains("readings", "sensors", "notes", "nothing");
        ExportedTable readings = report.tables().stream()
                .filter(it -> it.table().name().equals("readings"))
                .findFirst()
                .orElseThrow();
        assertThat(readings.rows()).isEqualTo(from.count("SELECT count(*) FROM readings"));
        assertThat(readings.fileBytes()).isBetween(1L, readings.bytes());
        assertThat(readings.slicesAsTuples()).isEqualTo(from.server().community() ? 2 : 0);
        assertThat(report.toText()).contains("Exported: ", "public.readings");
        assertThat(report.toJson()).contains("\"version\" : 1", "\"readings\"");
    }

    @Test
    void an_export_that_was_interrupted_goes_on_and_nothing_imports_it_before(@TempDir Path directory) {
        TestDatabase to = targets.createSibling("to_resumed");
        CompletableFuture<ExportRun> running = new CompletableFuture<>();
        AtomicInteger slices = new AtomicInteger();
        Export slow = export(directory).rateLimit(200_000).listener(event -> {
            if (event instanceof MigrationEvent.SliceCopied && slices.incrementAndGet() == 3) {
                running.join().cancel();
            }
        });
        running.complete(slow.start());
        assertThatThrownBy(() -> running.join().await()).isInstanceOf(MigrationCancelledException.class);
        assertThat(problems(() -> importOf(directory, to).run())).containsExactly(Problem.Code.EXPORT_NOT_FINISHED);

        ExportReport second = export(directory).run();

        assertThat(second.slicesCopied())
                .isBetween(
                        1,
                        second.tables().stream().mapToInt(ExportedTable::slices).sum() - 3);
        assertThat(importOf(directory, to).run().identical()).isTrue();
        assertThat(export(directory).run().slicesCopied()).isZero();
    }

    @Test
    void an_import_that_was_interrupted_goes_on() {
        TestDatabase to = targets.createSibling("to_interrupted");
        CompletableFuture<MigrationRun> running = new CompletableFuture<>();
        Migration slow = importOf(exported, to).rateLimit(200_000).listener(event -> {
            if (event instanceof MigrationEvent.SliceCopied) {
                running.join().cancel();
            }
        });
        running.complete(slow.start());
        assertThatThrownBy(() -> running.join().await()).isInstanceOf(MigrationCancelledException.class);

        MigrationReport arrived = importOf(exported, to).run();

        assertThat(arrived.identical()).as(arrived.toText()).isTrue();
        assertThat(arrived.tables().stream()
                        .mapToInt(MigrationReport.TableResult::slicesNow)
                        .sum())
                .isLessThan(arrived.tables().stream()
                        .mapToInt(MigrationReport.TableResult::slices)
                        .sum());
        assertThat(importOf(exported, to).status().slicesDone()).isPositive();
        importOf(exported, to).cleanUp();
    }

    @Test
    void a_flipped_byte_a_missing_file_and_another_size_are_all_named_before_anything_is_changed(@TempDir Path scratch)
            throws IOException {
        TestDatabase to = targets.createSibling("to_damaged");
        Path damaged = copyOf(exported, scratch);
        List<Path> rows = files(damaged.resolve("rows"));
        byte[] bytes = Files.readAllBytes(rows.get(0));
        bytes[bytes.length / 2] ^= 1;
        Files.write(rows.get(0), bytes);
        Files.delete(rows.get(1));
        Files.writeString(rows.get(2), "more", StandardOpenOption.APPEND);

        PreflightException refused = catchThrowableOfType(
                PreflightException.class, () -> importOf(damaged, to).run());

        assertThat(refused.problems())
                .extracting(Problem::code)
                .containsExactly(Problem.Code.EXPORT_DAMAGED, Problem.Code.EXPORT_DAMAGED, Problem.Code.EXPORT_DAMAGED);
        assertThat(refused).hasMessageContainingAll("another SHA-256", "it is missing", "bytes instead of");
        assertThat(Migrations.isUntouched(to)).isTrue();
    }

    @Test
    void of_very_many_damaged_files_it_says_how_many(@TempDir Path scratch) throws IOException {
        Path damaged = copyOf(exported, scratch);
        List<Path> rows = files(damaged.resolve("rows"));
        for (Path file : rows) {
            Files.delete(file);
        }

        PreflightException refused = catchThrowableOfType(
                PreflightException.class, () -> importOf(damaged, targets).run());

        assertThat(refused.problems()).hasSize(11);
        assertThat(refused).hasMessageContaining((rows.size() - 10) + " more files are damaged");
    }

    @Test
    void files_of_another_export_are_refused(@TempDir Path scratch) throws IOException {
        TestDatabase to = targets.createSibling("to_mixed");
        Path other = scratch.resolve("other");
        export(other).include("public.sensors").run();
        for (String file : List.of("slices.jsonl", "finished.json", "export.json", "schema-pre-data.sql")) {
            Path mixed = copyOf(exported, scratch);
            Files.writeString(mixed.resolve(file), Files.readString(other.resolve(file), StandardCharsets.UTF_8) + " ");
            assertThat(problems(() -> importOf(mixed, to).plan()))
                    .as(file)
                    .containsExactly(Problem.Code.EXPORT_DAMAGED);
        }
        assertThat(problems(() -> importOf(scratch.resolve("nowhere"), to).run()))
                .containsExactly(Problem.Code.EXPORT_MISSING);
        assertThat(Migrations.isUntouched(to)).isTrue();
    }

    @Test
    void a_target_that_has_begun_with_one_export_does_not_go_on_with_another(@TempDir Path directory) {
        TestDatabase to = targets.createSibling("to_other");
        export(directory).run();
        importOf(exported, to).run();

        assertThatThrownBy(() -> importOf(directory, to).run())
                .isInstanceOf(PlanChangedException.class)
                .hasMessageContaining("export was");
    }

    @Test
    void what_shapes_the_rows_is_said_when_they_are_exported() {
        Migration migration = Migration.fromExport(exported).to(targets.url());

        assertThatThrownBy(() -> migration.splitBy(Duration.ofHours(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("when exporting");
        assertThatThrownBy(migration::repair).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(migration::catchUp).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(migration::pauseSourceJobs).isInstanceOf(IllegalStateException.class);
        assertThat(migration.keepOwners().maxUncompressed(1).toString()).contains(exported.toString());
    }

    @Test
    void a_directory_that_cannot_be_used_is_refused(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("letter.txt"), "dear");
        assertThat(problems(() -> export(directory).run())).containsExactly(Problem.Code.EXPORT_DIRECTORY);
        assertThat(files(directory)).containsExactly(directory.resolve("letter.txt"));
        assertThat(problems(() -> export(directory.resolve("letter.txt")).run()))
                .containsExactly(Problem.Code.EXPORT_DIRECTORY);
        assertThatThrownBy(() -> export(exported).splitBy(Duration.ofHours(1)).run())
                .isInstanceOf(PlanChangedException.class)
                .hasMessageContaining("splitBy was PT12H");
    }

    @Test
    void nobody_else_can_read_what_was_exported() throws IOException {
        assertThat(Files.getPosixFilePermissions(exported)).hasSize(3);
        String everything = "";
        for (String file : List.of("export.json", "catalog.json", "slices.jsonl", "finished.json")) {
            everything += Files.readString(exported.resolve(file));
        }
        assertThat(everything)
                .doesNotContain(":" + from.password() + "@", "postgresql:", from.host() + ":" + from.port());
    }

    private static List<Problem.Code> problems(Runnable verb) {
        PreflightException refused = catchThrowableOfType(PreflightException.class, verb::run);
        return refused.problems().stream().map(Problem::code).toList();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private Path copyOf(Path original, Path scratch) throws IOException {
        Path copy = scratch.resolve("copy" + ++copies);
        Files.walkFileTree(original, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(copy.resolve(original.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, copy.resolve(original.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }
}
