package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be loaded is said before anything is changed; headers, columns and parts of files are taken as told. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CsvInputIT {

    private final TestDatabase target;
    private final HikariDataSource pool;

    @TempDir
    private Path directory;

    CsvInputIT(@Target TestDatabase target) {
        this.target = target;
        this.pool = CsvFiles.pool(target);
    }

    @BeforeEach
    void table() {
        target.execute(
                "DROP TABLE IF EXISTS readings",
                "CREATE TABLE readings (id int, \"Größe\" float8 DEFAULT 7, note text, twice float8 GENERATED ALWAYS AS (\"Größe\" * 2) STORED)");
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private CsvLoad load() {
        return CsvLoad.into(pool, "public.readings");
    }

    private Path file(String text) throws IOException {
        return CsvFiles.write(directory, "a.csv", text);
    }

    private void assertRefused(CsvLoad load, Path file, String... words) {
        assertThatThrownBy(() -> load.importId("x").run(List.of(file)))
                .isInstanceOf(CsvInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
        assertThat(target.count("SELECT count(*) FROM readings")).isZero();
        assertThat(target.value("SELECT to_regnamespace('hyperferry_load')")).isNull();
    }

    @Test
    void headers_match_columns_by_name_in_any_order() throws Exception {
        Path file = file("note,\"Größe\",id\r\na,1.5,1\r\n\"x\r\ny\",,2\r\n");

        load().header(CsvHeader.MATCH).run(List.of(file));

        assertThat(target.rows("SELECT id, \"Größe\", note, twice FROM readings ORDER BY id"))
                .containsExactly(List.of("1", "1.5", "a", "3"), java.util.Arrays.asList("2", null, "x\r\ny", null));
    }

    @Test
    void headers_are_mapped_and_read_in_the_encoding_of_the_file() throws Exception {
        Path file = Files.write(directory.resolve("latin.csv"), "Höhe;nr\n2;1\n".getBytes(StandardCharsets.ISO_8859_1));

        load().format(CsvFormat.DEFAULT.withDelimiter(';').withEncoding("LATIN1"))
                .mapping(Map.of("Höhe", "Größe", "nr", "id", "not in this file", "note"))
                .run(List.of(file));

        assertThat(target.rows("SELECT id, \"Größe\" FROM readings")).containsExactly(List.of("1", "2"));
    }

    @Test
    void headers_are_skipped_and_columns_named() throws Exception {
        Path file = file("an \"odd\" preamble with one \" more\nsecond\nNr,Text\n1,a\n2,b\n3,c\n");

        load().skipLines(2)
                .header(CsvHeader.SKIP)
                .columns(List.of("id", "note"))
                .limit(2)
                .run(List.of(file));

        assertThat(target.rows("SELECT id, \"Größe\", note FROM readings ORDER BY id"))
                .containsExactly(List.of("1", "7", "a"), List.of("2", "7", "b"));
    }

    @Test
    void headers_that_do_not_fit_are_refused() throws Exception {
        assertRefused(load().header(CsvHeader.MATCH), file("id,size\n1,2\n"), "\"size\"", "\"Größe\"");
        assertRefused(load().header(CsvHeader.MATCH), file("id,note,id\n1,2,3\n"), "\"id\" twice");
        assertRefused(load().header(CsvHeader.MATCH), file("id,twice\n1,2\n"), "\"twice\"");
        assertRefused(load().header(CsvHeader.MATCH), file(""), "no header");
        assertRefused(load().columns(List.of("id", "nope")), file("1,2\n"), "\"nope\"");
    }

    @Test
    void files_and_tables_that_are_not_there_are_refused() throws Exception {
        Path good = file("1,2,x\n");
        assertRefused(load(), directory.resolve("missing.csv"), "no file", "missing.csv");
        assertRefused(load(), directory, "is a directory");
        assertRefused(CsvLoad.into(pool, "public.nothing"), good, "no table public.nothing");
        assertRefused(load().format(CsvFormat.DEFAULT.withEncoding("KLINGON")), good, "KLINGON");
        assertRefused(load().format(CsvFormat.DEFAULT.withForceNull(List.of("nope"))), good, "\"nope\"");
        Path utf16 = Files.write(directory.resolve("w.csv"), "1,2,x\n".getBytes(StandardCharsets.UTF_16));
        assertRefused(load(), utf16, "UTF-16", "iconv");
        assertThatThrownBy(
                        () -> load().run(List.of(good, directory.resolve("../" + directory.getFileName() + "/a.csv"))))
                .isInstanceOf(CsvInputException.class)
                .hasMessageContaining("given twice");
        target.execute("CREATE OR REPLACE VIEW seen AS SELECT 1 AS id");
        assertRefused(CsvLoad.into(pool, "seen"), good, "is no table");
    }

    @Test
    void what_is_cut_off_is_said() throws Exception {
        byte[] zipped = CsvFiles.gzip(CsvFiles.utf8("1,2,x\n".repeat(10_000)));
        Path half = Files.write(directory.resolve("half.gz"), java.util.Arrays.copyOf(zipped, zipped.length / 2));

        assertThatThrownBy(() -> load().run(List.of(half)))
                .isInstanceOf(CopyException.class)
                .hasMessageContaining("half.gz cannot be read");
    }

    @Test
    @Timeout(20)
    void a_load_that_waits_for_its_input_can_be_cancelled() throws Exception {
        try (PipedOutputStream other = new PipedOutputStream();
                PipedInputStream input = new PipedInputStream(other)) {
            other.write(CsvFiles.utf8("1,2,x\n2,3,y\n"));
            CsvLoadRun run = load().start(input);
            long begun = System.nanoTime();
            run.cancel();

            assertThatThrownBy(run::await).isInstanceOf(CopyCancelledException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        }
        assertThat(target.count("SELECT count(*) FROM readings")).isZero();
    }

    @Test
    void a_load_tells_how_far_it_is() throws Exception {
        Path file = file("1,2,some text\n".repeat(20_000));
        List<CsvLoadEvent.Progress> heard = Collections.synchronizedList(new ArrayList<>());

        load().rateLimit(150_000)
                .batchRows(1_000)
                .listener(event -> {
                    if (event instanceof CsvLoadEvent.Progress progress) {
                        heard.add(progress);
                    }
                })
                .run(List.of(file));

        assertThat(heard).isNotEmpty();
        assertThat(heard.get(0).bytesTotal()).hasValue(Files.size(file));
        assertThat(heard.get(0).fraction().orElseThrow()).isBetween(0.01, 1.0);
        assertThat(heard.get(0).remaining()).isPresent();
    }

    @Test
    @RequiresCommunity
    void the_server_compresses_rows_as_they_come_where_it_can() throws Exception {
        target.execute(
                "CREATE TABLE metrics (at timestamptz NOT NULL, v float8)",
                "SELECT create_hypertable('metrics', 'at', create_default_indexes => false)",
                "ALTER TABLE metrics SET (timescaledb.compress)");
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            csv.append("2026-01-01 00:")
                    .append(i / 60 % 60)
                    .append(':')
                    .append(i % 60)
                    .append("+00,")
                    .append(i)
                    .append('\n');
        }
        Path file = file(csv.toString());

        CsvLoadReport direct = CsvLoad.into(pool, "metrics").run(List.of(file));

        assertThat(direct.directCompress())
                .isEqualTo(target.count(
                                "SELECT count(*) FROM pg_settings WHERE name = 'timescaledb.enable_direct_compress_copy'")
                        > 0);
        assertThat(target.count("SELECT count(*) FROM metrics")).isEqualTo(5_000);
        if (direct.directCompress()) {
            assertThat(target.count("SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"))
                    .isPositive();
        }
        target.execute("TRUNCATE metrics");
        Files.writeString(file, "no time,1\n", StandardOpenOption.APPEND);
        CsvLoadReport sorted = CsvLoad.into(pool, "metrics")
                .batchRows(2_000)
                .rejectsTo(directory.resolve("rejects.csv"))
                .run(List.of(file));
        assertThat(sorted.rejects()).isEqualTo(1);
        assertThat(target.count("SELECT count(*) FROM metrics")).isEqualTo(5_000);
        target.execute("CREATE UNIQUE INDEX ON metrics (at, v)", "TRUNCATE metrics");
        CsvLoadReport rows = CsvLoad.into(pool, "metrics").limit(5_000).run(List.of(file));
        assertThat(rows.directCompress()).isFalse();
        assertThat(rows.notes().toString()).contains("not compressed directly: ");
    }

    @Test
    void formats_that_copy_refuses_are_refused_at_once() {
        assertThatThrownBy(() -> CsvFormat.DEFAULT.withDelimiter('"')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CsvFormat.DEFAULT.withQuote('€')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CsvFormat.DEFAULT.withNull("a,b")).isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> CsvFormat.DEFAULT.withDelimiter('\t').withQuote('\''))
                .doesNotThrowAnyException();
    }
}
