package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a plan's SQL says is what the target's server hears, and nothing else of TimescaleDB's is asked of it. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
class ExecutedSqlIT {
    private static final Pattern ENTRY = Pattern.compile(
            "^\\d{4}-\\d\\d-\\d\\d [\\d:.]+ \\S+ \\[\\d+] LOG:  (?:statement|execute [^:]*): (.*?)(?=^\\d{4}-\\d\\d-\\d\\d |\\z)",
            Pattern.MULTILINE | Pattern.DOTALL);

    /** Calls of TimescaleDB's functions by a run, and its own kinds of statement. */
    private static final Pattern TIMESCALE = Pattern.compile(
            "SELECT (set_config\\('hyperferry.job', )?\"(public|_timescaledb_functions)\"\\.(?!policy).*|ALTER (TABLE|MATERIALIZED VIEW) .*timescaledb\\..*"
                    + "|CREATE MATERIALIZED VIEW .*timescaledb\\.continuous.*|ANALYZE .*",
            Pattern.DOTALL);

    @Test
    void the_target_executes_what_the_plan_shows(@Source TestDatabase source, @Target TestDatabase target) {
        fill(source);
        assumeTrue(target.server().log().isPresent(), "the log of a server that was given by URL cannot be read");
        target.superuser().execute("ALTER DATABASE \"" + target.name() + "\" SET log_statement = 'all'");
        Migration migration = Migrations.between(source, target);
        List<String> shown = statements(migration.plan().toSql());
        int before = target.server().log().orElseThrow().length();

        assertThat(migration.run().identical()).isTrue();

        List<String> tried = entries(target.server().log().orElseThrow().substring(before));
        int endOfTrial = tried.lastIndexOf("RELEASE SAVEPOINT trial") + 1;
        assertThat(endOfTrial).as("the schema is tried before it is restored").isPositive();
        List<String> executed = tried.subList(endOfTrial, tried.size());
        assertThat(shown).hasSizeGreaterThan(25);
        assertThat(executed.stream().filter(shown::contains).filter(ExecutedSqlIT::hasItsPlace))
                .as("all that is shown is executed, once, and in that order")
                .containsExactlyElementsOf(
                        shown.stream().filter(ExecutedSqlIT::hasItsPlace).toList());
        assertThat(executed.stream().filter(it -> it.startsWith("COPY ")))
                .as("rows are written as it is shown")
                .containsExactlyInAnyOrderElementsOf(
                        shown.stream().filter(it -> it.startsWith("COPY ")).toList());
        assertThat(tried.stream().filter(it -> TIMESCALE.matcher(it).matches()))
                .as("nothing is tried or executed that is not shown")
                .isSubsetOf(shown);
    }

    /** Slices are copied side by side, and each of their transactions begins with the settings. */
    private static boolean hasItsPlace(String statement) {
        return !statement.startsWith("COPY ") && !statement.startsWith("SET LOCAL ");
    }

    private static void fill(TestDatabase source) {
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, device int NOT NULL, level float8)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1, extract(hour FROM t)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01', '2026-01-04', '1 hour') t",
                "ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device')",
                "CREATE TABLE spread (at bigint NOT NULL, device text NOT NULL)",
                "SELECT create_hypertable('spread', 'at', chunk_time_interval => 100)",
                "SELECT add_dimension('spread', 'device', number_partitions => 2)",
                "CREATE FUNCTION now_at() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1000::bigint'",
                "SELECT set_integer_now_func('spread', 'now_at')",
                "INSERT INTO spread SELECT i, 'd' || i % 5 FROM generate_series(0, 250, 10) i",
                "CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous) AS SELECT time_bucket('1 day', time) AS day,"
                        + " max(level) AS top FROM readings GROUP BY 1 WITH NO DATA",
                "SELECT alter_job(add_continuous_aggregate_policy('daily', INTERVAL '1 month', INTERVAL '1 day',"
                        + " INTERVAL '1 hour'), scheduled => false)",
                "SELECT alter_job(add_retention_policy('spread', 500::bigint), scheduled => false)",
                "CREATE PROCEDURE act(job int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SELECT add_job('act', '1 day', config => '{\"a\": 1}')");
        source.execute("CALL refresh_continuous_aggregate('daily', NULL, NULL)");
    }

    /** What a plan shows of the target, without what it can only describe. */
    private static List<String> statements(String sql) {
        List<String> statements = new ArrayList<>();
        for (String part : sql.split("(?m)(?=^-- (?:Step|slice|target|source|and when)[ :])", -1)) {
            if (part.matches("(?s)-- slice \\d+, source:.*") || part.startsWith("-- and when")) {
                continue;
            }
            String text = part.replaceAll("(?m)^--.*\n", "");
            for (String statement : text.split(";\n", -1)) {
                if (!statement.isBlank() && !statement.contains("/* last_value */")) {
                    statements.add(
                            statement.strip().replace("/* the storage of */ \"public\".\"daily\"", "THE STORAGE"));
                }
            }
        }
        return statements;
    }

    private static List<String> entries(String log) {
        List<String> entries = new ArrayList<>();
        Matcher entry = ENTRY.matcher(log);
        while (entry.find()) {
            entries.add(entry.group(1)
                    .strip()
                    .replace("\n\t", "\n")
                    .replaceAll(
                            "COPY \"_timescaledb_internal\".\"_materialized_hypertable_\\d+\"", "COPY THE STORAGE"));
        }
        return entries;
    }
}
