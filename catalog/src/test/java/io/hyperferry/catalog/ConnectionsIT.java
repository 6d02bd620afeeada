package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a reading does to the connection and asks of it. */
@ExtendWith(TimescaleExtension.class)
class ConnectionsIT {
    @BeforeAll
    static void something_to_read(@Source TestDatabase source) {
        source.execute(
                "CREATE SCHEMA \"Mine\"",
                "CREATE TABLE \"Mine\".ht (at timestamptz NOT NULL, id serial)",
                "SELECT create_hypertable('\"Mine\".ht', 'at')",
                "INSERT INTO \"Mine\".ht VALUES ('2024-01-01')",
                "CREATE VIEW \"Mine\".v AS SELECT * FROM \"Mine\".ht");
    }

    @Test
    void reading_under_autocommit_leaves_no_setting_changed_and_no_lock(@Source TestDatabase source)
            throws SQLException {
        try (Connection connection = source.connect()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            Reading.execute(connection, "SET search_path = \"Mine\", \"$user\"");
            String pid = Reading.value(connection, "SELECT pg_backend_pid()");

            CatalogReader.create().read(connection);

            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.isReadOnly()).isFalse();
            assertThat(source.count("SELECT count(*) FROM pg_locks WHERE pid = " + pid))
                    .isZero();
            assertThat(source.value("SELECT state FROM pg_stat_activity WHERE pid = " + pid))
                    .isEqualTo("idle");
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(Reading.value(connection, "SHOW search_path")).isEqualTo("\"Mine\", \"$user\"");
            Reading.execute(connection, "CREATE TABLE public.still_writable ()");
        }
    }

    @Test
    void reading_in_the_callers_transaction_leaves_it_open_with_its_search_path(@Source TestDatabase source)
            throws SQLException {
        try (Connection connection = source.connect()) {
            Reading.execute(connection, "SET search_path = pg_temp, public");
            connection.setAutoCommit(false);
            Reading.execute(connection, "SET LOCAL search_path = \"Mine\"");
            Reading.execute(connection, "CREATE TABLE uncommitted (id int)");

            DatabaseCatalog catalog = CatalogReader.create().read(connection);

            assertThat(catalog.table(Reading.name("Mine.uncommitted"))).isPresent();
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(Reading.value(connection, "SHOW search_path")).isEqualTo("\"Mine\"");
            Reading.execute(connection, "INSERT INTO uncommitted VALUES (1)");
            connection.rollback();
            assertThat(Reading.value(connection, "SELECT to_regclass('\"Mine\".uncommitted') IS NULL"))
                    .isEqualTo("t");
            assertThat(Reading.value(connection, "SHOW search_path")).isEqualTo("pg_temp, public");
            connection.rollback();
        }
    }

    @Test
    void the_callers_search_path_does_not_change_what_is_read(@Source TestDatabase source) throws SQLException {
        try (Connection connection = source.connect()) {
            DatabaseCatalog usual = CatalogReader.create().read(connection);
            Reading.execute(connection, "SET search_path = \"Mine\"");
            assertThat(CatalogReader.create().read(connection)).isEqualTo(usual);
        }
    }

    @Test
    void a_failed_reading_names_the_cause_and_gives_the_connection_back_as_it_was(@Source TestDatabase source)
            throws SQLException {
        try (Connection connection = source.connect()) {
            Reading.execute(connection, "SET statement_timeout = 1");

            assertThatExceptionOfType(CatalogException.class)
                    .isThrownBy(() -> CatalogReader.create().read(connection))
                    .withMessageContaining("statement timeout");

            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.isReadOnly()).isFalse();
            Reading.execute(connection, "SET statement_timeout = 0");
            CatalogReader.create().read(connection);
        }
    }

    @Test
    void a_connection_that_breaks_in_the_reading_says_so(@Source TestDatabase source) throws SQLException {
        try (Connection connection = source.connect()) {
            Reading.execute(connection, "SET application_name = 'doomed'");
            connection.setAutoCommit(false);
            Reading.value(connection, "SELECT 1");
            Faults.terminateBackends(source, "doomed");

            assertThatExceptionOfType(CatalogException.class)
                    .isThrownBy(() -> CatalogReader.create().read(connection))
                    .withMessageContaining("terminating connection");
        }
    }

    @Test
    void a_role_that_may_only_connect_reads_everything_but_where_sequences_stand(@Source TestDatabase source)
            throws SQLException {
        String role = "poor_" + source.name();
        source.superuser()
                .execute(
                        "CREATE ROLE " + role + " LOGIN PASSWORD 'poor'",
                        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                        "REVOKE TEMPORARY ON DATABASE " + source.name() + " FROM PUBLIC");
        try (Connection poor = DriverManager.getConnection(source.jdbcUrl(), role, "poor")) {
            DatabaseCatalog all = Reading.of(source);

            DatabaseCatalog seen = CatalogReader.create().read(poor);

            assertThat(seen.server().user()).isEqualTo(role);
            assertThat(seen.server().superuser()).isFalse();
            assertThat(seen.sequences())
                    .isNotEmpty()
                    .noneMatch(Sequence::readable)
                    .extracting(Sequence::name)
                    .isEqualTo(all.sequences().stream().map(Sequence::name).toList());
            assertThat(seen.toBuilder()
                            .server(all.server())
                            .sequences(all.sequences())
                            .build())
                    .isEqualTo(all);
        } finally {
            source.superuser().execute("GRANT USAGE ON SCHEMA public TO PUBLIC", "DROP ROLE " + role);
        }
    }

    @Test
    void the_server_is_described_as_it_describes_itself(@Source TestDatabase source) {
        ServerInfo server = Reading.of(source).server();

        assertThat(server.database()).isEqualTo(source.name());
        assertThat(server.user()).isEqualTo(source.user());
        assertThat(server.postgres()).isEqualTo(Version.parse(source.server().postgresVersion()));
        Timescale timescale = Objects.requireNonNull(server.timescale(), "timescale");
        assertThat(timescale.version()).isEqualTo(Version.parse(source.server().timescaleVersion()));
        assertThat(timescale.schema()).isEqualTo("public");
        assertThat(source.value("SELECT to_regproc('" + timescale.functionSchema() + ".show_chunk')"))
                .as("what the internal functions are found by")
                .isNotNull();
        assertThat(timescale.community()).isEqualTo(source.server().community());
        assertThat(server.systemIdentifier())
                .isEqualTo(source.value("SELECT system_identifier FROM pg_control_system()"));
        assertThat(server.settings().maxConnections()).isEqualTo((int) source.count("SHOW max_connections"));
        assertThat(server.encoding()).isEqualTo("UTF8");
        assertThat(server.inRecovery()).isFalse();
    }

    @Test
    void a_database_without_timescaledb_is_read_too(@Source TestDatabase source) throws SQLException {
        TestDatabase plain = source.createEmptySibling("plain");
        assertThat(Reading.of(plain).isEmpty()).isTrue();
        plain.execute("CREATE TABLE t (id int PRIMARY KEY)");

        DatabaseCatalog catalog = Reading.of(plain);

        assertThat(catalog.timescale()).isEmpty();
        assertThat(catalog.server().timescaleAvailable()).isNotNull();
        assertThat(catalog.tables()).extracting(Table::name).containsExactly(Reading.name("t"));
        assertThat(catalog.hypertables()).isEmpty();
        assertThat(catalog.jobs()).isEmpty();
    }

    @Test
    void a_fresh_database_with_timescaledb_is_empty(@Source TestDatabase source) {
        DatabaseCatalog catalog = Reading.of(source.createSibling("fresh"));

        assertThat(catalog.objects())
                .extracting(DatabaseObject::title)
                .containsExactly("database database", "schema public");
        assertThat(catalog.objects())
                .allMatch(it -> it.facts().isEmpty())
                .extracting(DatabaseObject::owner)
                .containsOnlyNulls();
        assertThat(catalog.extensions()).extracting(Extension::name).containsExactly("plpgsql");
        assertThat(catalog.toBuilder()
                        .objects(List.of())
                        .extensions(List.of())
                        .semantics(ValueSemantics.of(catalog.server()))
                        .build())
                .isEqualTo(DatabaseCatalog.empty(catalog.server()));
        assertThat(catalog.isEmpty()).isTrue();
    }
}
