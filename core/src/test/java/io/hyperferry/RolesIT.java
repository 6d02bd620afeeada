package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who owns what, and who may do what, after a migration. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesIT {
    private static final List<String> ROLES = List.of("hf_owner", "hf Reader", "hf_writer");
    private static final String OWNERS = """
            SELECT string_agg(DISTINCT c.relname || ' ' || r.rolname, ', ' ORDER BY c.relname || ' ' || r.rolname)
            FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('readings', 'notes')""";
    private static final String CHUNK_OWNERS = """
            SELECT string_agg(DISTINCT r.rolname, ', ') FROM show_chunks('readings') s
            JOIN pg_class c ON c.oid = s JOIN pg_roles r ON r.oid = c.relowner""";
    private static final String READER_PRIVILEGES = """
            SELECT string_agg(privilege_type || CASE is_grantable WHEN 'YES' THEN '*' ELSE '' END, ','
                ORDER BY privilege_type)
            FROM information_schema.role_table_grants WHERE table_name = 'readings' AND grantee = '{role}'""";

    private TestDatabase from;
    private TestDatabase on;

    @BeforeAll
    void fill(@Source TestDatabase source, @Target TestDatabase target) {
        from = source.createSibling("roles");
        on = target;
        // Roles belong to a server, and other classes' databases are on the same one.
        for (String role : ROLES) {
            from.createRole(role, "");
            on.createRole(role, "");
        }
        on.createRole("hf_other", "");
        from.execute(
                "GRANT CREATE ON SCHEMA public TO hf_owner",
                "SET ROLE hf_owner",
                "CREATE TABLE readings (time timestamptz NOT NULL, n int, secret text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, 1, 'x' FROM generate_series(TIMESTAMPTZ '2026-01-01', '2026-01-05', '1 hour') t",
                "CREATE TABLE notes (id int PRIMARY KEY, owner text)",
                "INSERT INTO notes VALUES (1, 'hf_writer')",
                "GRANT SELECT, INSERT ON readings TO \"hf Reader\" WITH GRANT OPTION",
                "GRANT UPDATE (n) ON readings TO hf_writer",
                "REVOKE DELETE, TRUNCATE ON notes FROM hf_owner",
                "ALTER TABLE notes ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY mine ON notes FOR ALL TO hf_writer, \"hf Reader\" USING (owner = current_user)",
                "ALTER DEFAULT PRIVILEGES FOR ROLE hf_owner IN SCHEMA public GRANT SELECT ON TABLES TO \"hf Reader\"");
    }

    @Test
    void everything_belongs_to_the_role_that_migrates_unless_told_otherwise() {
        TestDatabase to = on.createSibling("default");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.value(OWNERS)).isEqualTo("notes " + to.user() + ", readings " + to.user());
        assertThat(to.value(READER_PRIVILEGES.replace("{role}", "hf Reader"))).isEqualTo("INSERT*,SELECT*");
        assertThat(to.value("SELECT has_column_privilege('hf_writer', 'readings', 'n', 'UPDATE')"))
                .isEqualTo("t");
        assertThat(to.value("SELECT has_table_privilege('hf_owner', 'notes', 'SELECT')"))
                .as("what the former owner kept for itself is the new owner's")
                .isEqualTo("f");
    }

    @Test
    void owners_are_kept_on_tables_and_chunks() {
        TestDatabase to = on.createSibling("kept");

        MigrationReport report = Migrations.between(from, to).keepOwners().run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.value(OWNERS)).isEqualTo("notes hf_owner, readings hf_owner");
        assertThat(to.value(CHUNK_OWNERS)).isEqualTo("hf_owner");
        assertThat(to.rows("SELECT has_table_privilege('hf_owner', 'notes', 'SELECT'),"
                        + " has_table_privilege('hf_owner', 'notes', 'DELETE')"))
                .containsExactly(List.of("t", "f"));
        assertThat(to.value("SELECT defaclrole::regrole::text FROM pg_default_acl"))
                .isEqualTo("hf_owner");
    }

    @Test
    void another_role_stands_in_wherever_the_role_is_named() {
        TestDatabase to = on.createSibling("mapped");

        MigrationReport report = Migrations.between(from, to)
                .keepOwners()
                .mapRole("hf_owner", "hf_other")
                .mapRole("hf Reader", "hf_writer")
                .run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.value(OWNERS)).isEqualTo("notes hf_other, readings hf_other");
        assertThat(to.value(READER_PRIVILEGES.replace("{role}", "hf_writer"))).isEqualTo("INSERT*,SELECT*");
        assertThat(to.value("SELECT polroles::regrole[]::text FROM pg_policy")).isEqualTo("{hf_writer,hf_writer}");
        assertThat(to.value("SELECT defaclrole::regrole::text FROM pg_default_acl"))
                .isEqualTo("hf_other");
    }

    @Test
    void roles_that_the_target_lacks_are_named_before_anything_is_changed() {
        TestDatabase to = on.createSibling("lacking");

        PreflightException refused = catchThrowableOfType(
                PreflightException.class,
                () -> Migrations.between(from, to)
                        .mapRole("hf Reader", "hf_nobody")
                        .mapRole("hf_writer", "hf_no_one")
                        .run());

        assertThat(refused.problems())
                .filteredOn(Problem::blocks)
                .extracting(Problem::code, Problem::object)
                .containsExactlyInAnyOrder(
                        tuple(Problem.Code.ROLE_MISSING, "hf_nobody"), tuple(Problem.Code.ROLE_MISSING, "hf_no_one"));
        assertThat(to.value("SELECT to_regclass('hyperferry.run')")).isNull();
    }
}
