package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.testkit.RequiresCommunity;
import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An environment in which a dozen things are wrong at a time: one preflight names each, and what it advises, done as printed, is enough. */
@ExtendWith(TimescaleExtension.class)
@RequiresCommunity
@RequiresSuperuser("it makes roles, extensions and collations on both servers")
class EveryProblemAtOnceIT {
    private static final String OWNER = "hf_only \"Here\"";
    private static final String RUNNER = "hf_runs_jobs";
    private static final String READER = "hf_reads_most";

    /** A statement in a remedy; none of these has a semicolon inside. */
    private static final Pattern STATEMENT = Pattern.compile("(?:GRANT|ALTER|CREATE|DROP|SELECT) [^;]*;");

    @Test
    void one_preflight_names_a_dozen_problems_and_their_remedies_as_printed_are_enough(
            @Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory) throws IOException {
        TestDatabase from = source.createEmptySibling("broken");
        TestDatabase to = target.createSibling("broken");
        breakSource(from);
        breakTarget(to);
        String reader = from.url().replace(from.user() + ":" + from.password() + "@", READER + ":reads@");
        Migration broken = Migration.from(reader)
                .to(to.url())
                .keepOwners()
                .exclude("app.reading")
                .splitBy(Duration.ofNanos(1_000))
                .parallelism(5_000)
                .pgTools(PgTools.in(oldTools(directory)));

        List<Problem> problems = broken.plan().problems();

        assertThat(problems)
                .extracting(Problem::code, Problem::object)
                .contains(
                        tuple(Problem.Code.TIMESCALEDB_IN_OTHER_SCHEMA, to.name()),
                        tuple(Problem.Code.ROLE_MISSING, OWNER),
                        tuple(Problem.Code.ROLE_CANNOT_RUN_JOBS, RUNNER),
                        tuple(Problem.Code.EXTENSION_IN_OTHER_SCHEMA, "hstore"),
                        tuple(Problem.Code.COLLATION_MISSING, "de-x-icu"),
                        tuple(Problem.Code.LARGE_OBJECTS, from.name()),
                        tuple(Problem.Code.PRIVILEGE_MISSING, "schema app"),
                        tuple(Problem.Code.TOO_FEW_CONNECTIONS, from.name()),
                        tuple(Problem.Code.TOO_FEW_CONNECTIONS, to.name()),
                        tuple(Problem.Code.TOO_MANY_SLICES, "PT0.000001S"),
                        tuple(Problem.Code.FILTER_MATCHES_NOTHING, "app.reading"),
                        tuple(Problem.Code.TOOL_TOO_OLD, "pg_dump"),
                        tuple(Problem.Code.TOOL_TOO_OLD, "pg_restore"));
        assertThat(problems)
                .extracting(Problem::code)
                .as("warnings")
                .contains(Problem.Code.JOB_LEFT_OUT, Problem.Code.SOURCE_JOBS_ACTIVE);

        for (Problem problem : problems) {
            apply(problem, from, to);
        }
        Migration mended = Migration.from(reader)
                .to(to.url())
                .keepOwners()
                .exclude("app.readings_old")
                .splitBy(Duration.ofHours(1))
                .parallelism(2)
                .pgTools(Migrations.tools(to));

        assertThat(mended.plan().problems()).isEmpty();
        assertThat(mended.run().identical()).isTrue();
    }

    private static void breakSource(TestDatabase from) {
        String owner = '"' + OWNER.replace("\"", "\"\"") + '"';
        from.createRole(OWNER, "");
        from.createRole(RUNNER, "LOGIN");
        from.createRole(READER, "LOGIN PASSWORD 'reads'");
        from.execute("CREATE SCHEMA ts", "CREATE EXTENSION timescaledb SCHEMA ts");
        from.execute(
                "CREATE SCHEMA app",
                "CREATE EXTENSION hstore SCHEMA app",
                "GRANT USAGE ON SCHEMA app, ts TO " + READER + ", " + RUNNER,
                "GRANT USAGE, CREATE ON SCHEMA app TO " + RUNNER,
                "CREATE TABLE app.readings (time timestamptz NOT NULL, place text COLLATE \"de-x-icu\", labels app.hstore)",
                "SELECT ts.create_hypertable('app.readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO app.readings SELECT t, 'Köln', app.hstore('a', 'b')"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-03 UTC', '10 minutes') t",
                "CREATE TABLE app.readings_old (id int)",
                "CREATE TABLE app.notes (id int)",
                "INSERT INTO app.notes VALUES (1), (2)",
                "ALTER TABLE app.notes OWNER TO " + owner,
                "GRANT SELECT ON app.readings, app.readings_old TO " + READER,
                "SELECT lo_create(0)",
                "CREATE PROCEDURE app.act(job_id int, config jsonb) LANGUAGE sql AS 'SELECT 1'",
                "SELECT ts.add_retention_policy('app.readings', INTERVAL '100 years', initial_start => '2040-01-01 UTC')",
                "SET ROLE " + RUNNER,
                "SELECT ts.add_job('app.act', '1 hour', initial_start => '2040-01-01 UTC')",
                "RESET ROLE",
                "SELECT ts.add_job('app.act', '1 hour', initial_start => '2040-01-01 UTC')",
                // What older versions leave behind when a procedure is dropped.
                "UPDATE _timescaledb_config.bgw_job SET proc_name = 'gone'"
                        + " WHERE id = (SELECT max(id) FROM _timescaledb_config.bgw_job)");
    }

    private static void breakTarget(TestDatabase to) {
        to.createRole(RUNNER, "");
        to.execute("ALTER ROLE " + RUNNER + " NOLOGIN");
        to.execute("CREATE EXTENSION hstore", "DELETE FROM pg_collation WHERE collname = 'de-x-icu'");
    }

    private static Path oldTools(Path directory) throws IOException {
        for (String tool : List.of("pg_dump", "pg_restore")) {
            Path script = Files.writeString(
                    directory.resolve(tool), "#!/bin/sh\necho \"" + tool + " (PostgreSQL) 9.6.24\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return directory;
    }

    /** Runs the statements that a remedy has, each in a session of its own, on the side that it names. */
    private static void apply(Problem problem, TestDatabase from, TestDatabase to) {
        List<String> statements = new ArrayList<>();
        Matcher statement = STATEMENT.matcher(problem.remedy());
        while (statement.find()) {
            statements.add(statement.group());
        }
        switch (problem.code()) {
            case TOO_FEW_CONNECTIONS -> assertThat(problem.remedy()).contains("parallelism");
            case TOO_MANY_SLICES -> assertThat(problem.remedy()).contains("longer duration");
            case FILTER_MATCHES_NOTHING -> assertThat(problem.remedy()).contains("schema.name");
            case TOOL_TOO_OLD -> assertThat(problem.remedy()).contains("--pg-tools-command");
            default -> {
                assertThat(statements).as(problem.toString()).isNotEmpty();
                boolean onTarget = problem.remedy().contains("target");
                assertThat(onTarget || problem.remedy().contains("source"))
                        .as(problem.toString())
                        .isTrue();
                // A remedy may offer a wider right than is needed; the first ones are enough.
                List<String> enough = problem.code() == Problem.Code.PRIVILEGE_MISSING
                        ? statements.subList(0, statements.size() - 1)
                        : statements;
                enough.forEach((onTarget ? to : from).superuser()::execute);
            }
        }
    }
}
