package io.hyperferry.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Step.SchemaRules;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.schema.TableOfContents.Entry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewritingTest {
    private static final SchemaRules NO_OWNER = rules(false, Map.of());
    private static final SchemaRules MAPPED = rules(true, Map.of("app", "App 2", "bob", "robert"));

    @Test
    void only_hypertables_lose_the_only() {
        Set<QualifiedName> hypertables = Set.of(QualifiedName.of("we ird", "T\nb"));
        Entry onHypertable = entry(
                "CONSTRAINT",
                "ALTER TABLE ONLY \"we ird\".\"T\nb\"\n    ADD CONSTRAINT k PRIMARY KEY (id);\n\n"
                        + "ALTER TABLE ONLY \"we ird\".\"T\nb\" REPLICA IDENTITY USING INDEX k;");
        Entry onTable = entry("CONSTRAINT", "ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k PRIMARY KEY (id);");

        assertThat(Rewriting.of(onHypertable, NO_OWNER, hypertables))
                .isEqualTo("ALTER TABLE \"we ird\".\"T\nb\"\n    ADD CONSTRAINT k PRIMARY KEY (id);\n\n"
                        + "ALTER TABLE \"we ird\".\"T\nb\" REPLICA IDENTITY USING INDEX k;");
        assertThat(Rewriting.of(onTable, NO_OWNER, hypertables)).isEqualTo(onTable.sql());
    }

    @Test
    void a_hypertable_is_published_with_its_chunks() {
        Entry publication = entry(
                "PUBLICATION TABLE", "ALTER PUBLICATION \"p ONLY\" ADD TABLE ONLY public.h (a, b) WHERE ((a > 1));");

        assertThat(Rewriting.of(publication, NO_OWNER, Set.of(QualifiedName.of("public", "h"))))
                .isEqualTo("ALTER PUBLICATION \"p ONLY\" ADD TABLE public.h (a, b) WHERE ((a > 1));");
        assertThat(Rewriting.of(publication, NO_OWNER, Set.of())).isEqualTo(publication.sql());
    }

    @Test
    void owners_are_left_out_kept_or_mapped() {
        Entry function = entry(
                "FUNCTION",
                "CREATE FUNCTION s.f() RETURNS text LANGUAGE sql AS $$ select '\n\nALTER TABLE x OWNER TO y;' $$;\n\n\n"
                        + "ALTER FUNCTION s.f() OWNER TO app;");

        assertThat(Rewriting.of(function, NO_OWNER, Set.of())).endsWith("OWNER TO y;' $$;");
        assertThat(Rewriting.of(function, rules(true, Map.of()), Set.of())).isEqualTo(function.sql());
        assertThat(Rewriting.of(function, MAPPED, Set.of()))
                .contains("OWNER TO y;' $$;")
                .endsWith("ALTER FUNCTION s.f() OWNER TO \"App 2\";");
    }

    @Test
    void an_owner_with_an_odd_name_is_found_behind_a_table_with_an_odd_name() {
        Entry table = entry(
                "TABLE",
                "CREATE TABLE s.\"a OWNER TO b;\" (\n);\n\n\nALTER TABLE s.\"a OWNER TO b;\" OWNER TO \"o\"\"x\";");

        assertThat(Rewriting.of(table, NO_OWNER, Set.of())).isEqualTo("CREATE TABLE s.\"a OWNER TO b;\" (\n);");
    }

    @Test
    void privileges_name_the_mapped_roles_and_nothing_else_changes() {
        String acl = """
                REVOKE ALL ON TABLE s."TO bob" FROM PUBLIC;
                GRANT SELECT(bob),INSERT("to") ON TABLE s."TO bob" TO bob WITH GRANT OPTION;
                SET SESSION AUTHORIZATION bob;
                GRANT ALL ON TABLE s.bob TO app;
                RESET SESSION AUTHORIZATION;""";

        assertThat(Rewriting.of(entry("ACL", acl), MAPPED, Set.of())).isEqualTo("""
                REVOKE ALL ON TABLE s."TO bob" FROM PUBLIC;
                GRANT SELECT(bob),INSERT("to") ON TABLE s."TO bob" TO "robert" WITH GRANT OPTION;
                SET SESSION ROLE "robert";
                GRANT ALL ON TABLE s.bob TO "App 2";
                RESET ROLE;""");
    }

    @Test
    void what_an_owner_took_from_itself_the_new_owner_does_not_have_either() {
        Entry acl = entry("ACL", "REVOKE ALL ON TABLE s.t FROM app;\nGRANT SELECT ON TABLE s.t TO app;");

        assertThat(Rewriting.of(acl, NO_OWNER, Set.of()))
                .isEqualTo("REVOKE ALL ON TABLE s.t FROM \"mover\";\nGRANT SELECT ON TABLE s.t TO \"mover\";");
    }

    @Test
    void a_policy_names_roles_ahead_of_its_condition_only() {
        Entry policy = entry(
                "POLICY",
                "CREATE POLICY p ON s.t FOR SELECT TO app, \"bob\", PUBLIC USING ((x = 'TO bob'::text) AND (TO_bob(1 TO bob)));");

        assertThat(Rewriting.of(policy, MAPPED, Set.of()))
                .isEqualTo("CREATE POLICY p ON s.t FOR SELECT TO \"App 2\", \"robert\", PUBLIC"
                        + " USING ((x = 'TO bob'::text) AND (TO_bob(1 TO bob)));");
    }

    @Test
    void default_privileges_stay_those_of_the_role_that_creates() {
        Entry defaults = entry(
                "DEFAULT ACL", "ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA s GRANT SELECT ON TABLES TO bob;");

        assertThat(Rewriting.of(defaults, NO_OWNER, Set.of())).isEqualTo(defaults.sql());
        assertThat(Rewriting.of(defaults, MAPPED, Set.of()))
                .isEqualTo("ALTER DEFAULT PRIVILEGES FOR ROLE \"App 2\" IN SCHEMA s GRANT SELECT ON TABLES TO"
                        + " \"robert\";");
    }

    @Test
    void what_the_target_lacks_becomes_its_default() {
        Entry table = entry(
                "TABLE",
                "SET default_table_access_method = hypercore;\nSET default_tablespace = \"fast disk\";\n\nCREATE TABLE s.t (\n);");
        SchemaRules lacking = new SchemaRules(
                false, "mover", Map.of(), List.of("fast disk"), List.of("hypercore"), List.of(), List.of());

        assertThat(Rewriting.of(table, lacking, Set.of()))
                .isEqualTo("SET LOCAL default_table_access_method = heap;\nSET LOCAL default_tablespace = '';\n\n"
                        + "CREATE TABLE s.t (\n);");
        assertThat(Rewriting.of(table, NO_OWNER, Set.of()))
                .startsWith(
                        "SET LOCAL default_table_access_method = hypercore;\nSET LOCAL default_tablespace = \"fast disk\";");
    }

    private static SchemaRules rules(boolean keepOwners, Map<String, String> roles) {
        return new SchemaRules(keepOwners, "mover", roles, List.of(), List.of(), List.of(), List.of());
    }

    private static Entry entry(String kind, String sql) {
        return new Entry(1, 0, 1, kind, "s", "x", "app", Set.of(), sql);
    }
}
