package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What cannot work is said before anything is changed, all of it at once, with what to do. */
@ExtendWith(TimescaleExtension.class)
class PreflightIT {
    @BeforeAll
    static void fill(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int)",
                "SELECT create_hypertable('readings', 'time')",
                "INSERT INTO readings VALUES ('2026-01-01', 1)");
    }

    @Test
    void two_servers_that_do_not_answer_are_named_both(@Target TestDatabase target) {
        List<Problem> problems =
                problems(Migration.from("postgres://u:s3cret@localhost:1/d").to("postgres://u:s3cret@localhost:1/e"));

        assertThat(problems)
                .extracting(Problem::code)
                .containsExactly(Problem.Code.SOURCE_UNREACHABLE, Problem.Code.TARGET_UNREACHABLE);
        assertThat(problems).noneMatch(it -> it.toString().contains("s3cret"));
    }

    @Test
    void a_wrong_password_says_where_passwords_come_from(@Source TestDatabase source, @Target TestDatabase target) {
        String wrong = source.url().replace(":" + source.password() + "@", ":wrong-s3cret@");

        List<Problem> problems = problems(Migration.from(wrong).to(target.url()));

        assertThat(problems).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Problem.Code.SOURCE_UNREACHABLE);
            assertThat(it.remedy()).contains("PGPASSWORD");
            assertThat(it.toString()).doesNotContain("wrong-s3cret");
        });
    }

    @Test
    void a_target_without_timescaledb_says_what_to_create(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase plain = target.createEmptySibling("plain");

        List<Problem> problems = problems(Migrations.between(source, plain));

        assertThat(problems).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Problem.Code.TARGET_WITHOUT_TIMESCALEDB);
            assertThat(it.remedy()).contains("CREATE EXTENSION timescaledb");
        });
        assertThat(Migrations.isUntouched(plain)).isTrue();
    }

    @Test
    void a_schema_that_cannot_be_dumped_leaves_nothing_behind(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase to = target.createSibling("undumped");
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "case \"$*\" in *--format=custom*) echo broken on purpose >&2; exit 1;; esac; exec \"$@\"",
                "sh"));
        command.addAll(target.server().toolPrefix());
        Migration migration = Migrations.between(source, to);

        assertThatThrownBy(() -> migration
                        .pgTools(PgTools.command(command.toArray(String[]::new)))
                        .run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("broken on purpose")
                .hasMessageContaining("nothing was changed");
        assertThat(Migrations.isUntouched(to)).isTrue();
        assertThat(migration.run().identical()).isTrue();
    }

    @Test
    void a_target_that_has_something_is_left_alone(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase used = target.createSibling("used");
        used.execute("CREATE TYPE color AS ENUM ('red')");

        List<Problem> problems = problems(Migrations.between(source, used));

        assertThat(problems).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Problem.Code.TARGET_NOT_EMPTY);
            assertThat(it.message()).contains("it has type public.color.");
        });
        assertThat(Migrations.isUntouched(used)).isTrue();
    }

    @Test
    void one_database_cannot_be_both_sides(@Source TestDatabase source) {
        assertThat(problems(Migrations.between(source, source)))
                .extracting(Problem::code)
                .contains(Problem.Code.SAME_DATABASE);
    }

    @Test
    void tools_that_are_missing_or_old_say_so(
            @Source TestDatabase source, @Target TestDatabase target, @TempDir Path directory) throws IOException {
        List<Problem> missing = problems(Migrations.between(source, target).pgTools(PgTools.in(directory)));
        for (String tool : List.of("pg_dump", "pg_restore")) {
            Path script = Files.writeString(
                    directory.resolve(tool), "#!/bin/sh\necho \"" + tool + " (PostgreSQL) 9.6.24\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        List<Problem> old = problems(Migrations.between(source, target).pgTools(PgTools.in(directory)));

        assertThat(missing)
                .extracting(Problem::code)
                .containsExactly(Problem.Code.TOOL_MISSING, Problem.Code.TOOL_MISSING);
        assertThat(old).extracting(Problem::code).containsExactly(Problem.Code.TOOL_TOO_OLD, Problem.Code.TOOL_TOO_OLD);
        assertThat(old.get(0).message()).contains("9.6");
        assertThat(Migrations.isUntouched(target)).isTrue();
    }

    @Test
    void a_filter_that_matches_nothing_is_named(@Source TestDatabase source, @Target TestDatabase target) {
        List<Problem> problems = problems(Migrations.between(source, target).exclude("public.reading"));

        assertThat(problems).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Problem.Code.FILTER_MATCHES_NOTHING);
            assertThat(it.object()).isEqualTo("public.reading");
        });
        assertThat(Migrations.isUntouched(target)).isTrue();
    }

    @Test
    void large_objects_are_counted_and_refused(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase other = source.createSibling("large");
        other.execute("CREATE TABLE t (id int)", "SELECT lo_create(0)", "SELECT lo_create(0)");

        assertThat(problems(Migrations.between(other, target))).singleElement().satisfies(it -> {
            assertThat(it.code()).isEqualTo(Problem.Code.LARGE_OBJECTS);
            assertThat(it.message()).contains("2 large objects");
        });
    }

    @Test
    void what_is_skipped_is_in_the_plan_before_the_run_and_the_report_says_the_same(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("skips");
        TestDatabase to = target.createSibling("skips_too");
        from.execute(
                "CREATE TABLE gone (id int PRIMARY KEY, ok boolean)",
                "CREATE TABLE kept (id int REFERENCES gone, at date)",
                "CREATE FUNCTION of_gone() RETURNS SETOF gone LANGUAGE sql AS 'SELECT * FROM gone'",
                "CREATE VIEW reads AS SELECT * FROM of_gone()",
                "CREATE POLICY watching ON kept USING (EXISTS (SELECT FROM gone WHERE ok))",
                "INSERT INTO gone VALUES (1, true)",
                "INSERT INTO kept VALUES (1, '2026-01-01')");
        Migration migration = Migrations.between(from, to).exclude("public.gone");

        MigrationPlan plan = migration.plan();
        MigrationReport report = migration.run();

        assertThat(plan.dependentsLeftOut())
                .anyMatch(line -> line.startsWith("foreign key kept_id_fkey on public.kept: "))
                .anyMatch(line -> line.startsWith("FUNCTION public.of_gone(): needs "))
                .anyMatch(line -> line.startsWith("POLICY public.kept watching: needs "))
                .noneMatch(line -> line.contains("gone_pkey"))
                .allSatisfy(line -> assertThat(plan.toText() + plan.toSql()).contains(line, "-- without " + line));
        assertThat(plan.problems())
                .filteredOn(problem -> problem.code() == Problem.Code.DEPENDENTS_LEFT_OUT)
                .hasSize(1);
        assertThat(plan.leftOut())
                .extracting(Step.LeftOut::relation)
                .extracting(Object::toString)
                .containsExactly("public.gone", "public.reads");
        assertThat(report.leftOut())
                .startsWith("public.gone: excluded")
                .containsAll(plan.dependentsLeftOut())
                .hasSize(2 + plan.dependentsLeftOut().size());
    }

    @Test
    void more_workers_than_a_server_has_connections_are_refused(
            @Source TestDatabase source, @Target TestDatabase target) {
        assertThat(problems(Migrations.between(source, target).parallelism(5_000)))
                .extracting(Problem::code)
                .containsExactly(Problem.Code.TOO_FEW_CONNECTIONS, Problem.Code.TOO_FEW_CONNECTIONS);
    }

    private static List<Problem> problems(Migration migration) {
        PreflightException exception = catchThrowableOfType(PreflightException.class, migration::run);
        assertThat(exception).isNotNull();
        return exception.problems().stream().filter(Problem::blocks).toList();
    }
}
