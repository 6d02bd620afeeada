package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.Extension;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Rights;
import io.hyperferry.catalog.RoleUse;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.ServerInventory;
import io.hyperferry.catalog.Setting;
import io.hyperferry.catalog.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a role lacks, from catalogs alone. */
class PermissionsTest {
    private static final Migration MIGRATION =
            Migration.from("postgres://h/metrics").to("postgres://h/target");

    private static final Rights OWNER = new Rights(
            true,
            true,
            true,
            false,
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of("log_statement"),
            Set.of("plpython3u", "pg_stat_statements"),
            Set.of("timescaledb"),
            Set.of("c", "internal", "plpython3u"));

    @Test
    void what_only_superusers_create_is_named_and_what_owners_create_is_not() {
        DatabaseCatalog source = with(
                object("operator class", "s.o using btree", Map.of()),
                object("cast", "(text AS s.t)", Map.of("method", "binary")),
                object("cast", "(s.t AS text)", Map.of("function", "s.f(s.t)")),
                object("type", "s.base", Map.of("form", "base")),
                object("type", "s.mood", Map.of("form", "enum")),
                object("publication", "every", Map.of("all tables", "yes")),
                object("publication", "some", Map.of("tables", "s.t")),
                function("s.in_c()", " LANGUAGE c\n STRICT\nAS '$libdir/x', $function$x$function$\n"),
                function(
                        "s.in_sql()",
                        " LANGUAGE sql\n IMMUTABLE\nAS $function$\n LANGUAGE c\n LEAKPROOF\n$function$\n"),
                function("s.proof()", " LANGUAGE plpgsql\n STABLE LEAKPROOF\nAS $function$BEGIN END$function$\n"));

        assertThat(blocking(source, target(OWNER)))
                .allSatisfy(it -> assertThat(it.code()).isEqualTo(Code.SUPERUSER_NEEDED))
                .extracting(Problem::object)
                .containsExactlyInAnyOrder(
                        "operator class s.o using btree",
                        "cast (text AS s.t)",
                        "type s.base",
                        "publication every",
                        "function s.in_c()",
                        "function s.proof()");
        assertThat(blocking(source, DatabaseCatalog.empty(TestCatalogs.server("target", true, true))))
                .isEmpty();
    }

    @Test
    void many_tables_of_a_schema_are_granted_at_once() {
        List<QualifiedName> names = IntStream.range(0, 21)
                .mapToObj(i -> QualifiedName.of("we \"ird", "t" + i))
                .toList();
        Rights none = rights(Set.of("we \"ird"), Set.copyOf(names));
        DatabaseCatalog source = DatabaseCatalog.builder(server("metrics", none))
                .tables(names.stream()
                        .map(it -> new Table(it, 1, Table.Kind.PLAIN, List.of(Column.of("a", "integer")), 1, 1))
                        .toList())
                .build();

        assertThat(blocking(source, target(OWNER))).singleElement().satisfies(it -> {
            assertThat(it.object()).isEqualTo("schema we \"ird");
            assertThat(it.message()).contains("21 tables t0, t1, t2 and so on");
            assertThat(it.remedy())
                    .isEqualTo("GRANT USAGE ON SCHEMA \"we \"\"ird\" TO \"app\";"
                            + " GRANT SELECT ON ALL TABLES IN SCHEMA \"we \"\"ird\" TO \"app\"; on the source,"
                            + " or for all schemas at once GRANT pg_read_all_data TO \"app\";");
        });
    }

    @Test
    void pg_dump_locks_what_stays_behind_too() {
        Rights rights = rights(Set.of(), Set.of(QualifiedName.of("public", "sensors")));
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .server(server("metrics", rights))
                .build();

        assertThat(MIGRATION
                        .exclude("public.sensors")
                        .plan(source, target(OWNER))
                        .problems())
                .filteredOn(Problem::blocks)
                .extracting(Problem::object)
                .containsExactly("schema public");
    }

    @Test
    void parameters_for_superusers_stay_behind_and_extensions_for_superusers_are_refused() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .settings(List.of(new Setting(null, "log_statement", "all"), new Setting(null, "work_mem", "7MB")))
                .extensions(List.of(
                        new Extension("plpython3u", "pg_catalog", "1.0", 0),
                        new Extension("hstore", "public", "1.8", 0)))
                .build();

        assertThat(MIGRATION.plan(source, target(OWNER)).problems())
                .extracting(Problem::code, Problem::object)
                .contains(tuple(Code.SETTING_LEFT_OUT, "log_statement"), tuple(Code.PRIVILEGE_MISSING, "plpython3u"))
                .doesNotContain(tuple(Code.SETTING_LEFT_OUT, "work_mem"), tuple(Code.PRIVILEGE_MISSING, "hstore"));
    }

    @Test
    void whoever_is_to_own_something_in_a_schema_has_to_create_there() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .objects(List.of(
                        new DatabaseObject("schema", "s", null, "app", Map.of("granted to bob", "CREATE, USAGE")),
                        new DatabaseObject("table", "s.of_app", null, "app", Map.of()),
                        new DatabaseObject("table", "s.of_bob", null, "bob", Map.of()),
                        new DatabaseObject("table", "s.of_eve", null, "eve", Map.of())))
                .build();

        assertThat(blocking(source, target(OWNER), MIGRATION.keepOwners()))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.object()).isEqualTo("schema s");
                    assertThat(it.remedy()).startsWith("GRANT CREATE ON SCHEMA \"s\" TO \"eve\"; on the source");
                });
        assertThat(blocking(source, target(OWNER), MIGRATION)).isEmpty();
    }

    @Test
    void without_a_superuser_an_aggregate_is_made_by_its_owner_who_has_to_own_what_it_aggregates() {
        DatabaseCatalog ofBob = TestCatalogs.withAggregates().toBuilder()
                .objects(List.of(
                        new DatabaseObject("schema", "public", null, "app", Map.of("granted to bob", "CREATE, USAGE")),
                        new DatabaseObject(
                                "table", "public.readings", QualifiedName.of("public", "readings"), "bob", Map.of())))
                .build();
        DatabaseCatalog superuser = DatabaseCatalog.empty(TestCatalogs.server("target", true, true));

        assertThat(blocking(ofBob, target(OWNER), MIGRATION.keepOwners()))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.code()).isEqualTo(Code.PRIVILEGE_MISSING);
                    assertThat(it.object()).isEqualTo("public.hourly");
                    assertThat(it.message()).contains("app cannot be the owner", "public.readings, belongs to bob");
                });
        assertThat(blocking(ofBob, superuser, MIGRATION.keepOwners())).isEmpty();
        MigrationPlan plan = MIGRATION
                .mapRole("bob", "eve")
                .mapRole("app", "eve")
                .keepOwners()
                .plan(withOwners(ofBob, "app", "bob"), target(OWNER));
        assertThat(plan.problems()).noneMatch(Problem::blocks);
        assertThat(plan.steps())
                .filteredOn(Step.CreateAggregate.class::isInstance)
                .hasSize(2)
                .allSatisfy(it -> assertThat(((Step.CreateAggregate) it).sql())
                        .startsWith("SET LOCAL ROLE \"eve\"")
                        .endsWith("SET LOCAL ROLE \"app\"")
                        .noneMatch(sql -> sql.contains("OWNER TO")));
    }

    private static List<Problem> blocking(DatabaseCatalog source, DatabaseCatalog target) {
        return blocking(source, target, MIGRATION);
    }

    private static List<Problem> blocking(DatabaseCatalog source, DatabaseCatalog target, Migration migration) {
        return migration.plan(source, target).problems().stream()
                .filter(Problem::blocks)
                .collect(Collectors.toList());
    }

    private static DatabaseCatalog with(DatabaseObject... objects) {
        return TestCatalogs.source().toBuilder().objects(List.of(objects)).build();
    }

    private static DatabaseObject object(String kind, String identity, Map<String, String> facts) {
        return new DatabaseObject(kind, identity, null, null, facts);
    }

    private static DatabaseObject function(String identity, String definition) {
        return object(
                "function",
                identity,
                Map.of("definition", "CREATE OR REPLACE FUNCTION " + identity + "\n RETURNS integer\n" + definition));
    }

    private static Rights rights(Set<String> closed, Set<QualifiedName> unreadable) {
        return new Rights(
                true, true, true, true, closed, unreadable, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of());
    }

    private static DatabaseCatalog target(Rights rights) {
        return DatabaseCatalog.empty(server("target", rights));
    }

    private static ServerInfo server(String database, Rights rights) {
        ServerInfo server = TestCatalogs.server(database);
        ServerInventory inventory = new ServerInventory(
                Set.of("app", "bob", "eve"),
                Set.of("app", "bob", "eve"),
                Set.of("app"),
                Set.of("pg_default"),
                Set.of("heap"),
                Set.of(),
                Map.of("plpython3u", "1.0", "hstore", "1.8"),
                Set.of(),
                rights);
        return server.withInventory(inventory);
    }

    private static DatabaseCatalog withOwners(DatabaseCatalog catalog, String... roles) {
        return catalog.toBuilder()
                .roles(Stream.of(roles)
                        .map(role -> new RoleUse(role, Set.of(RoleUse.Use.OWNER)))
                        .toList())
                .build();
    }
}
