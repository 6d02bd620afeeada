package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What pg_dump leaves out of a dump: the database's own comment, privileges and settings, and tablespaces by their name. */
@ExtendWith(TimescaleExtension.class)
class DatabaseSettingsIT {
    private static final String SETTINGS = """
            SELECT coalesce(r.rolname, ''), setting
            FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) setting
            WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
            ORDER BY 1, 2""";

    @Test
    @RequiresSuperuser("a setting of another role")
    void settings_comment_and_privileges_of_the_database_arrive(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("settings");
        TestDatabase to = target.createSibling("settings");
        for (TestDatabase database : new TestDatabase[] {from, to}) {
            database.createRole("hf_settings", "");
        }
        String name = "\"" + from.name() + "\"";
        from.execute(
                "CREATE TABLE t (id int)",
                "INSERT INTO t VALUES (1)",
                "COMMENT ON DATABASE " + name + " IS 'the plant''s readings'",
                "GRANT CREATE ON DATABASE " + name + " TO hf_settings WITH GRANT OPTION",
                "REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC",
                "ALTER DATABASE " + name + " SET search_path = \"$user\", \"we ird\", public",
                "ALTER DATABASE " + name + " SET \"hyperferry_test.x\" = 'a, b'",
                "ALTER DATABASE " + name + " SET default_transaction_read_only = off",
                "ALTER ROLE hf_settings IN DATABASE " + name + " SET work_mem = '7MB'");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.rows(SETTINGS)).isEqualTo(from.rows(SETTINGS)).hasSize(4);
        assertThat(to.value("SELECT shobj_description(oid, 'pg_database') FROM pg_database"
                        + " WHERE datname = current_database()"))
                .isEqualTo("the plant's readings");
        assertThat(to.value("SELECT has_database_privilege('hf_settings', current_database(),"
                        + " 'CREATE WITH GRANT OPTION')"))
                .isEqualTo("t");
        assertThat(to.value("SELECT has_database_privilege('hf_settings', current_database(), 'TEMPORARY')"))
                .isEqualTo("f");
    }

    @Test
    @RequiresSuperuser("subscriptions")
    void a_subscription_stays_behind_with_a_warning_and_is_no_difference(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("subscriber");
        TestDatabase to = target.createSibling("subscriber");
        from.execute("CREATE TABLE t (id int)");
        from.execute("CREATE SUBSCRIPTION changes CONNECTION 'host=nowhere' PUBLICATION elsewhere"
                + " WITH (connect = false, slot_name = NONE)");
        try {
            MigrationReport report = Migrations.between(from, to).run();

            assertThat(report.identical()).as(report.toText()).isTrue();
            assertThat(report.warnings())
                    .filteredOn(it -> it.code() == Problem.Code.SUBSCRIPTION_LEFT_OUT)
                    .extracting(Problem::object)
                    .containsExactly("changes");
            assertThat(to.count("SELECT count(*) FROM pg_subscription WHERE subname = 'changes'"))
                    .isZero();
        } finally {
            // A database that has one cannot be dropped.
            from.execute("DROP SUBSCRIPTION changes");
        }
    }

    @Test
    @RequiresSuperuser("tablespaces")
    void tablespaces_are_kept_where_the_target_has_them_and_warned_of_where_not(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("spaces");
        TestDatabase to = target.createSibling("spaces");
        createTablespace(from, "hf_both");
        createTablespace(from, "hf Source Only");
        createTablespace(to, "hf_both");
        from.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL) TABLESPACE hf_both",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "SELECT attach_tablespace('hf Source Only', 'readings')",
                "INSERT INTO readings SELECT generate_series(TIMESTAMPTZ '2026-01-01', '2026-01-05', '1 hour')",
                "CREATE TABLE plain (id int PRIMARY KEY USING INDEX TABLESPACE hf_both) TABLESPACE \"hf Source Only\"",
                "CREATE INDEX first ON plain (id) TABLESPACE hf_both",
                "CREATE INDEX second ON plain ((id + 1)) TABLESPACE hf_both");

        Migration migration = Migrations.between(from, to);
        assertThat(migration.plan().problems())
                .filteredOn(it -> it.code() == Problem.Code.TABLESPACE_MISSING)
                .extracting(Problem::object)
                .containsExactly("hf Source Only");
        MigrationReport report = migration.run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.value("SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes"
                        + " WHERE tablename = 'plain' AND tablespace = 'hf_both'"))
                .isEqualTo("first,plain_pkey,second");
        assertThat(to.value("SELECT tablespace FROM pg_tables WHERE tablename = 'plain'"))
                .isNull();
        assertThat(to.value("SELECT tablespace FROM pg_tables WHERE tablename = 'readings'"))
                .isEqualTo("hf_both");
        assertThat(to.value("SELECT string_agg(tablespace_name, ',') FROM _timescaledb_catalog.tablespace"))
                .isEqualTo("hf_both");
    }

    private static void createTablespace(TestDatabase database, String name) {
        if (database.count("SELECT count(*) FROM pg_tablespace WHERE spcname = '" + name + "'") == 0) {
            database.superuser()
                    .execute("SET allow_in_place_tablespaces = on", "CREATE TABLESPACE \"" + name + "\" LOCATION ''");
        }
    }
}
