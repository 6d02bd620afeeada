package io.hyperferry.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.TestCatalogs;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.PausedJobs.Origin;
import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nobody but its owner reads the ledger, and nobody else owns it. */
@ExtendWith(TimescaleExtension.class)
@AnyEdition
class LedgerPrivacyIT {
    private static final String SOMEBODY = "hf \"some\" body";
    private static final String QUOTED = "\"hf \"\"some\"\" body\"";

    /** What somebody or everybody may do with the schema or anything in it. */
    private static final String GRANTED = """
            SELECT coalesce(string_agg(DISTINCT x.privilege_type, ', '), '')
            FROM (SELECT nspowner AS owner, nspacl AS acl FROM pg_namespace WHERE nspname = 'hyperferry'
                  UNION ALL SELECT relowner, relacl FROM pg_class WHERE relnamespace = 'hyperferry'::regnamespace) o,
                 LATERAL aclexplode(o.acl) x
            WHERE x.grantee <> o.owner""";

    private final MigrationPlan plan = Migration.from("postgres://nowhere/source")
            .to("postgres://nowhere/target")
            .plan(TestCatalogs.source(), TestCatalogs.target());

    private TestDatabase database;

    @BeforeEach
    void openByDefault(@Target TestDatabase target) {
        database = target.createSibling("private");
        database.createRole(SOMEBODY, "");
        for (String to : List.of("PUBLIC", QUOTED)) {
            database.execute(
                    "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO " + to,
                    "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO " + to
                            + (to.equals("PUBLIC") ? "" : " WITH GRANT OPTION"),
                    "ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO " + to);
        }
    }

    @Test
    void default_privileges_do_not_open_it() throws SQLException {
        try (Connection connection = database.connect()) {
            database.execute("CREATE SCHEMA other");
            assertThat(database.value("SELECT has_schema_privilege('" + SOMEBODY + "', 'other', 'USAGE')"))
                    .as("what the default does elsewhere")
                    .isEqualTo("t");

            Jdbc.transact(connection, () -> PausedJobs.note(connection, new Origin("1", "d"), List.of()));
            assertThat(database.value(GRANTED)).isEmpty();
            Jdbc.transact(connection, () -> Ledger.create(connection, plan));

            assertThat(database.value(GRANTED)).isEmpty();
            assertThat(Ledger.plan(connection)).isEqualTo(plan);
        }
        assertThatThrownBy(() -> database.execute("SET ROLE " + QUOTED, "SELECT plan FROM hyperferry.run"))
                .hasMessageContaining("permission denied for schema hyperferry");
    }

    @Test
    void a_schema_that_somebody_else_made_for_it_is_refused() throws SQLException {
        database.superuser()
                .execute(
                        "CREATE SCHEMA hyperferry AUTHORIZATION " + QUOTED,
                        "GRANT ALL ON SCHEMA hyperferry TO PUBLIC",
                        "CREATE ROLE hf_maker_of_ledgers_" + database.name());
        String maker = "hf_maker_of_ledgers_" + database.name();
        database.superuser().execute("GRANT CREATE ON DATABASE \"" + database.name() + "\" TO " + maker);
        try (Connection connection = database.superuser().connect()) {
            Jdbc.execute(connection, "SET ROLE " + maker);

            assertThatThrownBy(() -> Jdbc.transact(connection, () -> Ledger.create(connection, plan)))
                    .hasMessageContaining("belongs to another role");
        }
        assertThat(database.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'hyperferry'::regnamespace"))
                .isEqualTo("0");
    }
}
