package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Odd records become the rows that psql makes of them, with any number of workers, in whatever batches. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CsvTortureIT {

    private static final List<String> ODD = List.of(
            "plain,value",
            ",",
            "\"\",",
            ",\"\"",
            "\"\",\"\"",
            "  leading,trailing  ",
            "\"  quoted  \",  \"spaces around quotes\"  ",
            "\"comma, inside\",b",
            "\"line\nfeed\",b",
            "\"carriage\rreturn\",b",
            "\"both\r\nof them\",b",
            "\"\n\",\"\n\n\n\"",
            "\"doubled \"\"quotes\"\"\",b",
            "\"\"\"\",b",
            "\"\"\"\"\"\",b",
            "\"ends with doubled\"\"\",b",
            "\"\"\"begins with doubled\",b",
            "quote \"in the middle\" of it,b",
            "opens\" here,\nand closes\" there,b",
            "\"a\"b\"c\",d",
            "\"a\"\"b\"c\"\"d,e",
            "a,\"b\"c",
            "\"quoted then\"plain,b",
            "back\\slash,b\\",
            "\"back\\slash\",\"b\\\"",
            "\\,\\",
            "\\N,\\N",
            "\"\\N\",b",
            "\\n\\t,not escapes",
            "\\.,dot after backslash",
            "\\.x,y",
            "x\\.,y",
            "\"\\.\",quoted end mark",
            "NULL,null",
            "\"NULL\",\"null\"",
            "'single','quotes'",
            "tab\there,\t",
            "semi;colon,pi|pe",
            "ß ü é,日本語",
            "🐘🐘,\"🐘\n🐘\"",
            "e\u0301 combining,\u00a0no break\u00a0",
            "\ufeffmark inside,b",
            "\u0001control\u0002,\u007f",
            "\u2028line separator,\u0085next line",
            "form\ffeed,vertical\u000btab",
            "long " + "x".repeat(70_000) + ",b",
            "\"long quoted " + "y\n".repeat(3_000) + "\",b",
            "\"" + "\"\"".repeat(1_000) + "\",b",
            "0,00",
            "-,--",
            "\"closed\"\"\nand \"\"not\",b",
            "#comment,b");

    private final TestDatabase target;
    private final HikariDataSource pool;

    @TempDir
    private Path directory;

    CsvTortureIT(@Target TestDatabase target) {
        this.target = target;
        this.pool = CsvFiles.pool(target);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @BeforeEach
    void tables() {
        target.execute(
                "DROP TABLE IF EXISTS ours, psqls",
                "CREATE TABLE psqls (a text, b text)",
                "CREATE TABLE ours (a text, b text)");
    }

    @Test
    void there_are_fifty_kinds_of_them() {
        assertThat(ODD).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(50);
    }

    @Test
    void odd_records_are_what_psql_makes_of_them() throws Exception {
        byte[] csv = CsvFiles.utf8(String.join("\n", ODD) + "\n");
        Path file = Files.write(directory.resolve("odd.csv"), csv);
        assertThat(Psql.copy(target, "psqls", "", csv).said()).contains("COPY " + ODD.size());

        for (int workers : new int[] {1, 2, 8}) {
            for (int rows : new int[] {1, 3, 1_000}) {
                target.execute("TRUNCATE ours");
                CsvLoadReport report =
                        load().parallelism(workers).batchRows(rows).run(List.of(file));

                assertThat(CsvFiles.digest(target, "ours"))
                        .as("%s workers, %s rows a batch", workers, rows)
                        .isEqualTo(CsvFiles.digest(target, "psqls"));
                assertThat(report.rows()).isEqualTo(ODD.size());
            }
        }
    }

    @Test
    void the_other_line_ends_are_known_too() throws Exception {
        for (String end : new String[] {"\r\n", "\r"}) {
            tables();
            byte[] csv = CsvFiles.utf8(String.join(end, ODD));

            assertSame("", csv, load());
        }
    }

    @Test
    void files_come_compressed_or_through_a_stream() throws Exception {
        byte[] csv = CsvFiles.utf8(String.join("\n", ODD));
        Psql.copy(target, "psqls", "", csv);
        Path zipped = Files.write(directory.resolve("no-suffix"), CsvFiles.gzip(csv));
        Path packed = Files.write(directory.resolve("any.name"), CsvFiles.zstd(csv));
        ByteArrayOutputStream twoMembers = new ByteArrayOutputStream();
        twoMembers.writeBytes(CsvFiles.gzip(java.util.Arrays.copyOf(csv, 500)));
        twoMembers.writeBytes(CsvFiles.gzip(java.util.Arrays.copyOfRange(csv, 500, csv.length)));
        Path joined = Files.write(directory.resolve("joined.gz"), twoMembers.toByteArray());

        for (Path file : List.of(zipped, packed, joined)) {
            target.execute("TRUNCATE ours");
            load().batchRows(7).run(List.of(file));
            assertThat(CsvFiles.digest(target, "ours")).as("%s", file).isEqualTo(CsvFiles.digest(target, "psqls"));
        }
        target.execute("TRUNCATE ours");
        load().batchRows(7).run(Files.newInputStream(packed));
        assertThat(CsvFiles.digest(target, "ours")).isEqualTo(CsvFiles.digest(target, "psqls"));
    }

    @Test
    void a_byte_order_mark_is_no_value() throws Exception {
        byte[] csv = CsvFiles.utf8("a,b\nc,d\n");
        Psql.copy(target, "psqls", "", csv);

        load().run(List.of(Files.write(directory.resolve("bom.csv"), CsvFiles.utf8("\ufeffa,b\nc,d\n"))));

        assertThat(CsvFiles.digest(target, "ours")).isEqualTo(CsvFiles.digest(target, "psqls"));
    }

    @Test
    void other_signs_and_nulls_are_taken() throws Exception {
        byte[] csv = CsvFiles.utf8("'a;\\'\\\\';NULL\n'x\ny'|;'NULL'\nz;'\\\n\\''\n");
        CsvFormat format = CsvFormat.DEFAULT
                .withDelimiter(';')
                .withQuote('\'')
                .withEscape('\\')
                .withNull("NULL")
                .withForceNull(List.of("b"));

        assertSame(", delimiter ';', quote '''', escape '\\', null 'NULL', force_null (b)", csv, load().format(format));
        assertThat(target.count("SELECT count(*) FROM ours WHERE b IS NULL")).isEqualTo(2);
    }

    @Test
    void encodings_are_converted_by_the_server() throws Exception {
        byte[] latin = "ä,ö\n\"é\nè\",ß\n".getBytes(StandardCharsets.ISO_8859_1);
        assertSame(", encoding 'LATIN1'", latin, load().format(CsvFormat.DEFAULT.withEncoding("latin1")));
        assertThat(target.count("SELECT count(*) FROM ours WHERE a = 'ä'")).isEqualTo(1);

        // The second byte of these is a backslash or a bar in ASCII, which are signs here.
        byte[] japanese = "\\ソ\n表\\|ポ十\nソ|\\十\\\n".getBytes(Charset.forName("windows-31j"));
        tables();
        assertSame(
                ", encoding 'SJIS', delimiter '|', quote '\\', escape '\\'",
                japanese,
                load().format(CsvFormat.DEFAULT
                        .withEncoding("SJIS")
                        .withDelimiter('|')
                        .withQuote('\\')));
        assertThat(target.count("SELECT count(*) FROM ours WHERE b LIKE 'ポ%'")).isEqualTo(1);
    }

    @Test
    void values_that_hold_the_end_mark_are_kept_and_the_mark_itself_ends_the_data() throws Exception {
        // psql before 18 takes the line inside of the quotes for the end.
        load().batchRows(1).run(List.of(CsvFiles.write(directory, "inside.csv", "\"a\n\\.\nb\",c\nd,e\n")));
        assertThat(target.count("SELECT count(*) FROM ours")).isEqualTo(2);

        tables();
        CsvLoadReport report = assertSame("", CsvFiles.utf8("a,b\n\\.\nc,d\ne,f\n"), load());
        assertThat(report.notes().toString()).contains("\\.");
    }

    private CsvLoad load() {
        return CsvLoad.into(pool, "ours").batchRows(1);
    }

    private CsvLoadReport assertSame(String options, byte[] csv, CsvLoad load) throws Exception {
        Psql.Outcome outcome = Psql.copy(target, "psqls", options, csv);
        assertThat(outcome.loaded()).as(outcome.said()).isTrue();
        CsvLoadReport report = load.parallelism(2).run(List.of(Files.write(directory.resolve("same.csv"), csv)));
        assertThat(CsvFiles.digest(target, "ours")).isEqualTo(CsvFiles.digest(target, "psqls"));
        return report;
    }
}
