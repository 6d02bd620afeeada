package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Version;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.schema.SchemaDump;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A role that lacks a right hears of it before anything is changed, and the statement that it is told gives the right. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivilegesPreflightIT {
    private static final String READER = "hf \"Reader\" = 1";
    private static final String WRITER = "-hf 'Writer'";
    private static final String OWNER = "hf_owner_of_things";
    private static final Pattern STATEMENT = Pattern.compile("(?:GRANT|ALTER) [^;]*;");

    private TestDatabase from;
    private TestDatabase to;
    private DatabaseCatalog sourceCatalog;
    private DatabaseCatalog targetCatalog;

    @BeforeAll
    void fill(@Source TestDatabase source, @Target TestDatabase target) throws SQLException {
        from = source.createSibling("rights");
        to = target.createSibling("rights");
        for (TestDatabase side : List.of(from, to)) {
            side.createRole(READER, "LOGIN PASSWORD 'reads'");
            side.createRole(WRITER, "LOGIN PASSWORD 'writes'");
            side.createRole(OWNER, "");
            side.superuser().execute("REVOKE ALL ON DATABASE \"" + side.name() + "\" FROM PUBLIC");
        }
        from.superuser()
                .execute(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.readings (time timestamptz NOT NULL, device int, level int)",
                        "SELECT create_hypertable('app.readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                        "INSERT INTO app.readings SELECT t, 1, 1"
                                + " FROM generate_series(TIMESTAMPTZ '2026-01-01 UTC', '2026-01-03 UTC', '1 hour') t",
                        "CREATE TABLE app.devices (id serial PRIMARY KEY, owner text)",
                        "INSERT INTO app.devices (owner) VALUES ('x')",
                        "CREATE TABLE public.notes (id int)",
                        "INSERT INTO public.notes VALUES (1)",
                        "CREATE TABLE public.owned (id int)",
                        "ALTER TABLE public.owned OWNER TO " + OWNER,
                        "CREATE TABLE app.secrets (id int)",
                        "INSERT INTO app.secrets VALUES (1)",
                        "ALTER TABLE app.secrets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                        "CREATE POLICY none ON app.secrets USING (false)",
                        "ALTER DATABASE \"" + from.name() + "\" SET work_mem = '7MB'");
        if (from.server().community()) {
            from.superuser()
                    .execute(
                            "ALTER TABLE app.readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device')",
                            "SELECT compress_chunk(c) FROM show_chunks('app.readings') c LIMIT 1");
        }
        String database = " ON DATABASE \"" + from.name() + "\" TO " + quoted(READER);
        from.superuser()
                .execute(
                        "GRANT CONNECT" + database,
                        "GRANT USAGE ON SCHEMA app TO " + quoted(READER),
                        "GRANT SELECT ON ALL TABLES IN SCHEMA app, public TO " + quoted(READER),
                        "GRANT SELECT ON ALL SEQUENCES IN SCHEMA app TO " + quoted(READER),
                        "GRANT CREATE ON SCHEMA public TO " + OWNER,
                        "ALTER ROLE " + quoted(READER) + " BYPASSRLS");
        to.superuser()
                .execute(
                        "ALTER DATABASE \"" + to.name() + "\" OWNER TO " + quoted(WRITER),
                        "GRANT " + OWNER + " TO " + quoted(WRITER),
                        "GRANT CREATE ON SCHEMA public TO " + quoted(WRITER),
                        "ALTER ROLE " + quoted(WRITER) + " BYPASSRLS");
        sourceCatalog = catalog(from, READER, "reads");
        targetCatalog = catalog(to, WRITER, "writes");
    }

    private static String quoted(String role) {
        return '"' + role.replace("\"", "\"\"") + '"';
    }

    static Stream<Arguments> missing() {
        String reader = " FROM " + quoted(READER);
        String writer = " FROM " + quoted(WRITER);
        return Stream.of(
                Arguments.of(
                        true, "REVOKE USAGE ON SCHEMA app" + reader, "schema app", "GRANT USAGE ON SCHEMA \"app\""),
                Arguments.of(
                        true,
                        "REVOKE SELECT ON app.readings" + reader,
                        "schema app",
                        "GRANT SELECT ON TABLE \"app\".\"readings\" TO"),
                Arguments.of(
                        true,
                        "REVOKE SELECT ON SEQUENCE app.devices_id_seq" + reader,
                        "schema app",
                        "GRANT SELECT ON SEQUENCE \"app\".\"devices_id_seq\" TO"),
                Arguments.of(true, "ALTER ROLE " + quoted(READER) + " NOBYPASSRLS", "app.secrets", "BYPASSRLS"),
                Arguments.of(false, "ALTER ROLE " + quoted(WRITER) + " NOBYPASSRLS", "app.secrets", "BYPASSRLS"),
                Arguments.of(false, "REVOKE " + OWNER + writer, OWNER, "GRANT \"" + OWNER + "\" TO"),
                Arguments.of(
                        true,
                        "REVOKE CREATE ON SCHEMA public FROM " + OWNER,
                        "schema public",
                        "GRANT CREATE ON SCHEMA \"public\" TO \"" + OWNER + "\""),
                Arguments.of(
                        false,
                        "ALTER DATABASE {target} OWNER TO CURRENT_USER;"
                                + " GRANT CREATE, CONNECT ON DATABASE {target} TO " + quoted(WRITER),
                        "{target}",
                        "ALTER DATABASE \"{target}\" OWNER TO"));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void a_missing_right_is_named_and_the_remedy_gives_it(boolean onSource, String revoke, String object, String remedy)
            throws SQLException {
        TestDatabase side = onSource ? from : to;
        side.superuser().execute(revoke.replace("{target}", "\"" + to.name() + "\""));

        List<Problem> problems = problems(onSource, !onSource);

        assertThat(problems).singleElement().satisfies(it -> {
            assertThat(it.code()).isIn(Problem.Code.PRIVILEGE_MISSING, Problem.Code.ROLE_NOT_GRANTED);
            assertThat(it.object()).isEqualTo(object.replace("{target}", to.name()));
            assertThat(it.remedy()).contains(remedy.replace("{target}", to.name()));
        });
        side.superuser().execute(statements(problems.get(0)).get(0));
        assertThat(problems(onSource, !onSource)).isEmpty();
    }

    @Test
    void all_that_is_missing_comes_at_once_and_pg_read_all_data_stands_for_all_of_the_source() throws SQLException {
        from.superuser()
                .execute(
                        "REVOKE USAGE ON SCHEMA app FROM " + quoted(READER),
                        "REVOKE SELECT ON ALL TABLES IN SCHEMA app, public FROM " + quoted(READER),
                        "REVOKE SELECT ON ALL SEQUENCES IN SCHEMA app FROM " + quoted(READER));
        to.superuser()
                .execute(
                        "ALTER DATABASE \"" + to.name() + "\" OWNER TO CURRENT_USER",
                        "REVOKE ALL ON DATABASE \"" + to.name() + "\" FROM " + quoted(WRITER),
                        "GRANT CONNECT ON DATABASE \"" + to.name() + "\" TO " + quoted(WRITER));

        List<Problem> problems = problems();

        assertThat(problems)
                .extracting(Problem::object)
                .containsExactlyInAnyOrder("schema app", "schema public", to.name(), to.name());
        Problem app = problems.get(0);
        assertThat(app.message()).contains("use anything in it", "3 tables", "sequence devices_id_seq");
        assertThat(statements(app)).hasSize(4).last().isEqualTo("GRANT pg_read_all_data TO " + quoted(READER) + ";");
        from.superuser().execute(statements(app).get(3));
        assertThat(problems()).hasSize(2);

        from.superuser().execute("REVOKE pg_read_all_data FROM " + quoted(READER));
        for (Problem problem : problems) {
            TestDatabase side = problem.message().contains("source's role") ? from : to;
            List<String> all = statements(problem);
            boolean withAlternative = all.size() > 1;
            all.subList(0, withAlternative ? all.size() - 1 : 1)
                    .forEach(it -> side.superuser().execute(it));
        }
        assertThat(problems()).isEmpty();
    }

    @Test
    void a_role_that_may_not_connect_is_told_so() {
        String reader = quoted(READER);
        from.superuser().execute("REVOKE CONNECT ON DATABASE \"" + from.name() + "\" FROM " + reader);
        Migration migration =
                Migration.from(url(from, from.name(), READER, "reads")).to(url(to, to.name(), READER, "reads"));

        PreflightException refused = catchThrowableOfType(PreflightException.class, migration::run);

        from.superuser().execute(refused.problems().get(0).remedy());
        assertThat(refused.problems())
                .extracting(Problem::remedy)
                .containsExactly(
                        "GRANT CONNECT ON DATABASE \"" + from.name() + "\" TO " + reader + ";",
                        "GRANT CONNECT ON DATABASE \"" + to.name() + "\" TO " + reader + ";");
    }

    @Test
    void with_these_rights_everything_moves() {
        TestDatabase moved = to.createSibling("moved");
        moved.superuser().execute("ALTER DATABASE \"" + moved.name() + "\" OWNER TO " + quoted(WRITER));
        Migration migration = Migration.from(url(from, from.name(), READER, "reads"))
                .to(url(moved, moved.name(), WRITER, "writes"))
                .pgTools(Migrations.tools(to))
                .keepOwners()
                .mapRole(from.superuser().user(), WRITER);

        MigrationReport report = migration.run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(moved.value("SELECT tableowner FROM pg_tables WHERE tablename = 'owned'"))
                .isEqualTo(OWNER);
        assertThat(moved.value("SELECT tableowner FROM pg_tables WHERE tablename = 'readings'"))
                .isEqualTo(WRITER);
        assertThat(migration.verify().identical()).isTrue();
    }

    /** Every part goes to pg_dump, too, in the form that libpq reads. */
    @ParameterizedTest
    @ValueSource(strings = {"-we 'ird\" = db", "host=nowhere dbname=x", "postgres://u@h/x%20\\!", "a+b\n$$;--"})
    void databases_and_roles_of_any_name_can_be_reached(String name) throws SQLException {
        from.superuser().execute("CREATE DATABASE " + quoted(name) + " TEMPLATE template0 OWNER " + quoted(READER));
        try {
            String url = url(from, name, READER, "reads");
            try (Connection connection = Database.of(url).endpoint().connect()) {
                assertThat(connection.getCatalog()).isEqualTo(name);
                assertThat(connection.getMetaData().getUserName()).isEqualTo(READER);
            }
            SchemaDump dump = new SchemaDump(
                    Migrations.tools(from), Database.of(url).endpoint().toolAccessOfUrl(""), new Cancellation());

            assertThat(dump.problems(Version.parse(from.server().postgresVersion())))
                    .isEmpty();
        } finally {
            from.superuser().execute("DROP DATABASE " + quoted(name) + " WITH (FORCE)");
        }
    }

    private static String url(TestDatabase database, String name, String role, String password) {
        return "postgres://" + encoded(role) + ":" + password + "@" + database.host() + ":" + database.port() + "/"
                + encoded(name);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private List<Problem> problems() throws SQLException {
        return problems(true, true);
    }

    /** What blocks, after what was changed on one side or both. */
    private List<Problem> problems(boolean onSource, boolean onTarget) throws SQLException {
        if (onSource) {
            sourceCatalog = catalog(from, READER, "reads");
        }
        if (onTarget) {
            targetCatalog = catalog(to, WRITER, "writes");
        }
        return Migration.from(from.url())
                .to(to.url())
                .keepOwners()
                .mapRole(from.superuser().user(), WRITER)
                .plan(sourceCatalog, targetCatalog)
                .problems()
                .stream()
                .filter(Problem::blocks)
                .toList();
    }

    private static DatabaseCatalog catalog(TestDatabase database, String role, String password) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), role, password)) {
            return CatalogReader.create().read(connection);
        }
    }

    private static List<String> statements(Problem problem) {
        return STATEMENT
                .matcher(problem.remedy())
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
