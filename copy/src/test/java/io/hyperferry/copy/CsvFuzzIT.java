package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of random signs become what one COPY of the whole makes of them, or are refused as it refuses them. {@code -Dhyperferry.fuzz=20000} tries
 * more of them, {@code -Dhyperferry.fuzz.seed=…} the same again.
 */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CsvFuzzIT {

    private static final Logger LOG = LoggerFactory.getLogger(CsvFuzzIT.class);
    private static final int FILES = Integer.getInteger("hyperferry.fuzz", 40);
    private static final int EACH_TENTH_BY_PSQL = 10;

    private final TestDatabase target;

    private final HikariDataSource pool;

    CsvFuzzIT(@Target TestDatabase target) {
        this.target = target;
        this.pool = CsvFiles.pool(target);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void random_files_are_what_one_copy_makes_of_them(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("hyperferry.fuzz.seed", System.nanoTime());
        LOG.info("{} files from -Dhyperferry.fuzz.seed={}", FILES, seed);
        target.execute("CREATE TABLE ours (a text)", "CREATE TABLE theirs (a text)");
        int loaded = 0;
        for (int i = 0; i < FILES; i++) {
            Random random = new Random(seed + i);
            char escape = random.nextBoolean() ? '"' : '\\';
            String csv = random.nextBoolean() ? garbage(random) : records(random, escape);
            target.execute("DELETE FROM ours", "DELETE FROM theirs");
            boolean taken = copyWhole(csv, escape, i % EACH_TENTH_BY_PSQL == 0);
            boolean ours = load(csv, escape, random, directory);

            String what = "seed " + (seed + i) + ", escape " + escape + ": " + csv.replace("\r", "<CR>");
            assertThat(ours).as(what).isEqualTo(taken);
            if (taken) {
                assertThat(CsvFiles.digest(target, "ours")).as(what).isEqualTo(CsvFiles.digest(target, "theirs"));
                loaded++;
            }
        }
        LOG.info("{} of {} files could be loaded", loaded, FILES);
        assertThat(loaded).isGreaterThan(FILES / 5).isLessThan(FILES);
    }

    private static String garbage(Random random) {
        String[] signs = {"\"", "\"", "\\", "\n", "\n", ".", "a", "ß", " ", random.nextInt(4) == 0 ? "\r" : "\n"};
        StringBuilder csv = new StringBuilder();
        for (int n = random.nextInt(60); n > 0; n--) {
            csv.append(signs[random.nextInt(signs.length)]);
        }
        return csv.toString();
    }

    private static String records(Random random, char escape) {
        String[] ends = {"\n", "\r\n", "\r"};
        String end = ends[random.nextInt(ends.length)];
        String[] signs = {"\"", "\\", "\n", "\r", "\r\n", ",", "x", "ü", ".", " "};
        StringBuilder csv = new StringBuilder();
        for (int n = 1 + random.nextInt(80); n > 0; n--) {
            StringBuilder value = new StringBuilder();
            for (int m = random.nextInt(8); m > 0; m--) {
                value.append(signs[random.nextInt(signs.length)]);
            }
            if (random.nextInt(3) > 0) {
                String inside = value.toString();
                inside = escape == '"' ? inside : inside.replace("\\", "\\\\");
                csv.append('"').append(inside.replace("\"", escape + "\"")).append('"');
            } else {
                csv.append(value.toString().replaceAll("[\",\r\n]", "y"));
            }
            csv.append(n > 1 || random.nextBoolean() ? end : "");
        }
        return csv.toString();
    }

    private boolean copyWhole(String csv, char escape, boolean byPsql) throws SQLException, IOException {
        byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
        // psql before 18 takes this line for the end even inside of quotes, where the server does not.
        boolean endMark = ("\n" + csv.replace('\r', '\n') + "\n").contains("\n\\.\n");
        if (byPsql && !endMark) {
            return Psql.copy(target, "theirs", ", escape '" + escape + "'", bytes)
                    .loaded();
        }
        try (Connection connection = pool.getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY theirs FROM STDIN WITH (FORMAT csv, ESCAPE '" + escape + "')",
                            new ByteArrayInputStream(bytes));
            return true;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("22P04");
            return false;
        }
    }

    private boolean load(String csv, char escape, Random random, Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("fuzz.csv"), csv);
        try {
            CsvLoad.into(pool, "ours")
                    .format(CsvFormat.DEFAULT.withEscape(escape))
                    .parallelism(1 + random.nextInt(3))
                    .batchRows(1 + random.nextInt(20))
                    .batchBytes(1 + random.nextInt(200))
                    .run(List.of(file));
            return true;
        } catch (CopyException e) {
            return false;
        }
    }
}
