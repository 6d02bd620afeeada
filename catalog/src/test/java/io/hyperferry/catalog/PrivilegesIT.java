package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.RoleUse.Use;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Owners, privileges, and the roles that a database needs. */
@ExtendWith(TimescaleExtension.class)
class PrivilegesIT {
    private final String suffix =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private final String alice = "hf_alice_" + suffix;
    private final String bob = "hf_bob_" + suffix;

    @BeforeEach
    void roles(@Source TestDatabase source) {
        source.createRole(alice, "");
        source.createRole(bob, "");
        source.execute("CREATE SCHEMA p");
    }

    @AfterEach
    void without(@Source TestDatabase source) {
        TestDatabase superuser = source.superuser();
        superuser.execute(
                "DROP OWNED BY " + alice + " CASCADE",
                "DROP OWNED BY " + bob + " CASCADE",
                "DROP SCHEMA IF EXISTS p CASCADE");
        superuser.execute(
                "ALTER ROLE " + bob + " IN DATABASE " + source.name() + " RESET ALL",
                "DROP ROLE " + alice + ", " + bob);
    }

    @Test
    void grants_are_facts_by_role_and_what_everybody_has_by_default_is_none(@Source TestDatabase source) {
        source.execute(
                "CREATE TABLE p.t (a int, b int)",
                "CREATE TABLE p.untouched (a int)",
                "CREATE TABLE p.restored (a int)",
                "GRANT SELECT ON p.restored TO " + bob,
                "REVOKE SELECT ON p.restored FROM " + bob,
                "GRANT SELECT, INSERT ON p.t TO " + bob + " WITH GRANT OPTION",
                "GRANT ALL ON p.t TO " + alice,
                "GRANT UPDATE (b) ON p.t TO PUBLIC",
                "CREATE FUNCTION p.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "REVOKE ALL ON FUNCTION p.f() FROM PUBLIC",
                "CREATE SEQUENCE p.s",
                "REVOKE ALL ON SEQUENCE p.s FROM " + source.user(),
                "GRANT USAGE ON SCHEMA p TO " + bob);
        DatabaseCatalog catalog = Reading.of(source);

        assertThat(facts(catalog, "table p.t"))
                .isEqualTo(Map.of(
                        "granted to (owner)",
                        "ALL",
                        "granted to " + alice,
                        "ALL",
                        "granted to " + bob,
                        "INSERT*, SELECT*"));
        assertThat(facts(catalog, "column p.t.b"))
                .isEqualTo(Map.of("granted to (owner)", "nothing", "granted to PUBLIC", "UPDATE"));
        assertThat(facts(catalog, "table p.untouched")).isEmpty();
        assertThat(facts(catalog, "table p.restored")).isEmpty();
        assertThat(facts(catalog, "function p.f()"))
                .containsEntry("granted to (owner)", "ALL")
                .doesNotContainKey("granted to PUBLIC");
        assertThat(facts(catalog, "sequence p.s")).containsEntry("granted to (owner)", "nothing");
        assertThat(facts(catalog, "schema p")).containsEntry("granted to " + bob, "USAGE");
        assertThat(catalog.roles()).contains(new RoleUse(bob, Set.of(Use.GRANT)));
    }

    @Test
    void another_owner_is_one_difference_where_all_have_the_same_privileges(@Source TestDatabase source) {
        source.execute("CREATE TABLE p.t (a int)", "GRANT SELECT ON p.t TO " + bob);
        DatabaseCatalog before = Reading.of(source);

        source.superuser().execute("ALTER TABLE p.t OWNER TO " + alice);

        DatabaseCatalog after = Reading.of(source);
        assertThat(CatalogDiff.between(before, after))
                .containsExactly(new CatalogDiff.Difference(Kind.OWNER, "table p.t", "owner", source.user(), alice));
        assertThat(after.roles()).contains(new RoleUse(alice, Set.of(Use.OWNER)));
    }

    @Test
    void default_privileges_and_those_on_the_database_are_read(@Source TestDatabase source) {
        source.execute(
                "ALTER DEFAULT PRIVILEGES FOR ROLE " + alice + " IN SCHEMA p GRANT SELECT ON TABLES TO " + bob,
                "ALTER DEFAULT PRIVILEGES FOR ROLE " + alice + " REVOKE ALL ON FUNCTIONS FROM PUBLIC",
                "COMMENT ON DATABASE " + source.name() + " IS 'the database'",
                "GRANT CONNECT ON DATABASE " + source.name() + " TO " + bob);
        try {
            DatabaseCatalog catalog = Reading.of(source);

            assertThat(facts(catalog, "default privileges " + alice + " in p on tables"))
                    .isEqualTo(Map.of("granted to " + bob, "SELECT"));
            assertThat(facts(catalog, "default privileges " + alice + " on functions"))
                    .isEqualTo(Map.of("granted to (owner)", "EXECUTE"));
            assertThat(facts(catalog, "database database"))
                    .isEqualTo(Map.of(
                            "comment",
                            "the database",
                            "granted to (owner)",
                            "ALL",
                            "granted to PUBLIC",
                            "CONNECT, TEMPORARY",
                            "granted to " + bob,
                            "CONNECT"));
            assertThat(catalog.roles())
                    .contains(new RoleUse(alice, Set.of(Use.DEFAULT_PRIVILEGES)), new RoleUse(bob, Set.of(Use.GRANT)));
        } finally {
            source.execute(
                    "REVOKE ALL ON DATABASE " + source.name() + " FROM " + bob,
                    "COMMENT ON DATABASE " + source.name() + " IS NULL");
        }
    }

    @Test
    void settings_of_the_database_and_of_roles_in_it_are_read(@Source TestDatabase source) {
        source.superuser()
                .execute(
                        "ALTER DATABASE " + source.name() + " SET work_mem = '7MB'",
                        "ALTER ROLE " + bob + " IN DATABASE " + source.name() + " SET search_path = p, public");
        try {
            DatabaseCatalog catalog = Reading.of(source);

            assertThat(catalog.settings())
                    .containsExactly(
                            new Setting(null, "work_mem", "7MB"), new Setting(bob, "search_path", "p, public"));
            assertThat(catalog.roles()).contains(new RoleUse(bob, Set.of(Use.SETTING)));
        } finally {
            source.execute("ALTER DATABASE " + source.name() + " RESET ALL");
        }
    }

    @Test
    void mapped_roles_replace_those_of_the_database_everywhere(@Source TestDatabase source) {
        source.superuser()
                .execute(
                        "CREATE TABLE p.t (a int)",
                        "ALTER TABLE p.t OWNER TO " + alice,
                        "GRANT SELECT ON p.t TO " + bob,
                        "CREATE POLICY y ON p.t TO " + bob,
                        "ALTER DEFAULT PRIVILEGES FOR ROLE " + alice + " GRANT SELECT ON TABLES TO " + bob,
                        "ALTER ROLE " + bob + " IN DATABASE " + source.name() + " SET work_mem = '5MB'",
                        "CREATE FOREIGN DATA WRAPPER hf_mapped",
                        "CREATE SERVER hf_mapped FOREIGN DATA WRAPPER hf_mapped",
                        "CREATE USER MAPPING FOR " + bob + " SERVER hf_mapped OPTIONS (password 'secret')");
        try {
            CatalogReader reader = CatalogReader.create().mappingRoles(Map.of(alice, "carol", bob, "dave"));
            DatabaseCatalog catalog = Reading.with(source, reader.ignoringSchema("nothing"));

            assertThat(catalog.objects().toString())
                    .contains("granted to dave=SELECT", "user mapping", "dave server hf_mapped", "carol on tables")
                    .doesNotContain(alice)
                    .doesNotContain(bob)
                    .doesNotContain("secret");
            assertThat(facts(catalog, "policy y on p.t")).containsEntry("roles", "dave");
            assertThat(catalog.settings()).containsExactly(new Setting("dave", "work_mem", "5MB"));
            assertThat(catalog.roles())
                    .contains(
                            new RoleUse("carol", Set.of(Use.OWNER, Use.DEFAULT_PRIVILEGES)),
                            new RoleUse("dave", Set.of(Use.GRANT, Use.POLICY, Use.SETTING, Use.USER_MAPPING)))
                    .extracting(RoleUse::role)
                    .doesNotContain(alice, bob);
        } finally {
            source.superuser().execute("DROP FOREIGN DATA WRAPPER hf_mapped CASCADE");
        }
    }

    @Test
    void the_inventory_of_the_server_says_what_can_be_referred_to(@Source TestDatabase source) {
        ServerInventory inventory = Reading.of(source).server().inventory();

        assertThat(inventory.roles()).contains(alice, bob, source.user(), "pg_monitor");
        assertThat(inventory.ownRoles()).contains(alice, bob, source.user());
        ServerInventory all = Reading.of(source.superuser()).server().inventory();
        assertThat(all.ownRoles()).as("of a superuser").isEqualTo(all.roles());
        assertThat(inventory.tablespaces()).contains("pg_default").doesNotContain("pg_global");
        assertThat(inventory.accessMethods()).contains("heap").doesNotContain("btree");
        assertThat(inventory.extensions()).containsKeys("plpgsql", "timescaledb");
    }

    private static Map<String, String> facts(DatabaseCatalog catalog, String title) {
        return catalog.objects().stream()
                .filter(it -> it.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the catalog has no " + title))
                .facts();
    }
}
