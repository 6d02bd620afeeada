package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.CompressedMode;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.Extension;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Hypertable.AdaptiveChunking;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Rights;
import io.hyperferry.catalog.RoleUse;
import io.hyperferry.catalog.RoleUse.Use;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.ServerInventory;
import io.hyperferry.catalog.Setting;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan says about what the target lacks, without a database. */
class CompatibilityTest {
    private static final QualifiedName READINGS = QualifiedName.of("public", "readings");
    private final Migration migration =
            Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");

    @Test
    void a_role_that_the_target_lacks_blocks_unless_another_stands_in() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .roles(List.of(new RoleUse("app", Set.of(Use.OWNER)), new RoleUse("bob", Set.of(Use.OWNER, Use.GRANT))))
                .build();
        DatabaseCatalog target = onServerWith(Set.of("robert"), Set.of(), Map.of());

        assertThat(blocking(migration, source, target))
                .singleElement()
                .satisfies(it -> assertThat(it.code()).isEqualTo(Code.ROLE_MISSING))
                .satisfies(it -> assertThat(it.remedy()).contains("CREATE ROLE \"bob\";"));
        assertThat(blocking(migration.mapRole("bob", "robert"), source, target)).isEmpty();
    }

    @Test
    void keeping_owners_needs_their_roles_and_the_right_to_act_as_them() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .roles(List.of(new RoleUse("app", Set.of(Use.OWNER)), new RoleUse("ops", Set.of(Use.OWNER))))
                .build();
        DatabaseCatalog target = onServerWith(Set.of("ops"), Set.of(), Map.of());

        assertThat(blocking(migration.keepOwners(), source, target))
                .extracting(Problem::code, Problem::object)
                .containsExactly(tuple(Code.ROLE_MISSING, "app"), tuple(Code.ROLE_NOT_GRANTED, "ops"));
        assertThat(blocking(migration, source, target)).isEmpty();
    }

    @Test
    void a_collation_that_the_target_lacks_blocks() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .collations(List.of("C", "de-x-icu"))
                .build();
        ServerInfo server = TestCatalogs.server("target");
        ServerInventory inventory = server.inventory();
        DatabaseCatalog target = DatabaseCatalog.empty(server.withInventory(new ServerInventory(
                inventory.roles(),
                inventory.ownRoles(),
                inventory.loginRoles(),
                inventory.tablespaces(),
                inventory.accessMethods(),
                Set.of("C"),
                inventory.extensions(),
                inventory.policies(),
                inventory.rights())));

        assertThat(blocking(migration, source, target))
                .extracting(Problem::code, Problem::object)
                .containsExactly(tuple(Code.COLLATION_MISSING, "de-x-icu"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "libc en_US.UTF-8 | libc en_US.utf8      |",
                "libc de_DE.utf8  | libc C               | LOCALE 'de_DE.utf8'",
                "icu de           | libc de              | LOCALE_PROVIDER icu ICU_LOCALE 'de'",
                "builtin C.UTF-8  | libc C               | LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'",
            })
    void another_order_of_text_is_warned_of_and_another_spelling_of_it_is_not(
            String from, String to, @Nullable String locale) {
        DatabaseCatalog source = TestCatalogs.source();
        source = source.toBuilder().server(source.server().withCollation(from)).build();
        DatabaseCatalog target =
                DatabaseCatalog.empty(TestCatalogs.server("target").withCollation(to));

        List<Problem> problems = migration.plan(source, target).problems();

        if (locale == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().satisfies(it -> {
                assertThat(it.code()).isEqualTo(Code.COLLATION_DIFFERS);
                assertThat(it.blocks()).isFalse();
                assertThat(it.remedy()).contains(locale + " TEMPLATE template0;");
            });
        }
    }

    @Test
    void an_extension_must_be_installable_and_stand_in_the_same_schema() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .extensions(List.of(
                        new Extension("hstore", "ext", "1.8", 0),
                        new Extension("ltree", "ext", "1.3", 7),
                        new Extension("postgis", "public", "3.5.0", 0)))
                .build();
        DatabaseCatalog target = onServerWith(Set.of(), Set.of(), Map.of("ltree", "1.2")).toBuilder()
                .extensions(List.of(new Extension("hstore", "public", "1.8", 0)))
                .build();

        assertThat(migration.plan(source, target).problems())
                .extracting(Problem::code, Problem::object)
                .contains(
                        tuple(Code.EXTENSION_IN_OTHER_SCHEMA, "hstore"),
                        tuple(Code.EXTENSION_OLDER, "ltree"),
                        tuple(Code.EXTENSION_ROWS_STAY, "ltree"),
                        tuple(Code.EXTENSION_MISSING, "postgis"));
    }

    @Test
    void what_an_older_or_newer_timescaledb_lacks_is_warned_of_and_not_planned() {
        DatabaseCatalog source = with(hypertable -> new Hypertable(
                hypertable.name(),
                hypertable.dimensions(),
                hypertable.chunks(),
                hypertable.associatedSchema(),
                null,
                List.of("fast"),
                List.of("level"),
                new ColumnstoreSettings(
                        List.of(), null, null, List.of(new SparseIndex("bloom", List.of("note"))), true),
                new AdaptiveChunking(QualifiedName.of("f", "size"), 1_000_000),
                false));
        DatabaseCatalog bare = DatabaseCatalog.empty(server(ServerInventory.NOTHING, Set.of()));

        MigrationPlan plan = migration.plan(source, bare);

        assertThat(plan.problems())
                .filteredOn(it -> !it.blocks())
                .extracting(Problem::code)
                .contains(
                        Code.TABLESPACE_MISSING,
                        Code.ADAPTIVE_CHUNKING_LEFT_OUT,
                        Code.CHUNK_SKIPPING_LEFT_OUT,
                        Code.COLUMNSTORE_SETTING_LEFT_OUT);
        assertThat(plan.toSql())
                .doesNotContain("attach_tablespace")
                .doesNotContain("enable_chunk_skipping")
                .doesNotContain("compress_index")
                .doesNotContain("direct_compress")
                .doesNotContain("set_adaptive_chunking");
    }

    @Test
    void a_foreign_key_to_a_hypertable_needs_a_timescaledb_that_has_it() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .constraints(List.of(new Constraint(
                        QualifiedName.of("public", "sensors"), "fk", "FOREIGN KEY (id) REFERENCES …", READINGS)))
                .build();

        assertThat(blocking(migration, source, DatabaseCatalog.empty(server(ServerInventory.NOTHING, Set.of()))))
                .extracting(Problem::code)
                .containsExactly(Code.FOREIGN_KEY_TO_HYPERTABLE);
        assertThat(blocking(migration, source, TestCatalogs.target())).isEmpty();
    }

    @Test
    void rows_that_are_elsewhere_block() {
        DatabaseCatalog distributed = with(it -> new Hypertable(
                it.name(),
                it.dimensions(),
                List.of(),
                it.associatedSchema(),
                null,
                List.of(),
                List.of(),
                null,
                null,
                true));
        DatabaseCatalog tiered = with(it -> it.withChunks(it.chunks().stream()
                .map(chunk -> new Chunk(chunk.name(), chunk.oid(), chunk.ranges(), 0, 0, 0, 0, null, true, null))
                .toList()));

        assertThat(blocking(migration, distributed, TestCatalogs.target()))
                .extracting(Problem::code)
                .containsExactly(Code.DISTRIBUTED_HYPERTABLE);
        assertThat(blocking(migration, tiered, TestCatalogs.target()))
                .extracting(Problem::code)
                .containsExactly(Code.TIERED_CHUNKS);
    }

    @Test
    void chunks_are_compressed_under_the_settings_that_they_have_and_frozen_last() {
        ColumnstoreSettings then = ColumnstoreSettings.of(List.of("note"), List.of(new Order("time", true, false)));
        ColumnstoreSettings now = new ColumnstoreSettings(
                List.of(), List.of(new Order("time", false, false)), 86_400_000_000L, List.of(), false);
        DatabaseCatalog source = with(it -> it.withColumnstore(now)
                .withChunks(List.of(
                        status(it.chunks().get(0), 1, then),
                        status(it.chunks().get(1), 5, now),
                        status(it.chunks().get(2), 0, null))));

        MigrationPlan plan =
                migration.include("*.readings").compressed(CompressedMode.ROWS).plan(source, TestCatalogs.target());

        assertThat(plan.steps())
                .extracting(it -> it.getClass().getSimpleName())
                .containsExactly(
                        "RestorePreData",
                        "CreateHypertable",
                        "CreateChunks",
                        "CopyData",
                        "SetSequences",
                        "RestorePostData",
                        "SetColumnstore",
                        "CompressChunks",
                        "SetColumnstore",
                        "CompressChunks",
                        "SetColumnstore",
                        "FinishSchema",
                        "Analyze",
                        "FreezeChunks",
                        "Verify");
        assertThat(plan.steps().stream()
                        .flatMap(it -> it instanceof Step.SetColumnstore step ? step.sql().stream() : Stream.empty()))
                .containsExactly(
                        "ALTER TABLE \"public\".\"readings\" SET (timescaledb.compress, timescaledb.compress_segmentby ="
                                + " '\"note\"', timescaledb.compress_orderby = '\"time\" DESC NULLS LAST')",
                        "ALTER TABLE \"public\".\"readings\" RESET (timescaledb.compress_segmentby,"
                                + " timescaledb.compress_orderby, timescaledb.compress_index)",
                        "ALTER TABLE \"public\".\"readings\" SET (timescaledb.compress, timescaledb.compress_segmentby ="
                                + " '', timescaledb.compress_orderby = '\"time\" ASC NULLS LAST')",
                        "ALTER TABLE \"public\".\"readings\" SET (timescaledb.compress,"
                                + " timescaledb.compress_chunk_time_interval = '86400000000 microseconds')");
    }

    @Test
    void what_a_dump_does_not_hold_is_said_in_sql() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .objects(List.of(new DatabaseObject(
                        "database",
                        "database",
                        null,
                        "app",
                        Map.of("comment", "it's", "granted to bob", "CONNECT, CREATE*"))))
                .settings(List.of(
                        new Setting(null, "search_path", "\"$user\", app"),
                        new Setting("app", "work_mem", "64MB"),
                        new Setting("bob", "app.tenant", "7")))
                .build();

        MigrationPlan plan = migration.plan(source, TestCatalogs.target());

        assertThat(plan.steps().stream()
                        .flatMap(it -> it instanceof Step.SetDatabase step ? step.sql().stream() : Stream.empty()))
                .containsExactly(
                        "COMMENT ON DATABASE \"target\" IS 'it''s'",
                        "REVOKE ALL ON DATABASE \"target\" FROM PUBLIC",
                        "GRANT CONNECT ON DATABASE \"target\" TO \"bob\"",
                        "GRANT CREATE ON DATABASE \"target\" TO \"bob\" WITH GRANT OPTION",
                        "SELECT pg_catalog.set_config('search_path', '\"$user\", app', true)",
                        "ALTER DATABASE \"target\" SET \"search_path\" FROM CURRENT",
                        "ALTER ROLE \"app\" IN DATABASE \"target\" SET \"work_mem\" TO '64MB'");
        assertThat(plan.problems())
                .filteredOn(it -> it.code() == Code.SETTING_LEFT_OUT)
                .singleElement()
                .satisfies(it -> assertThat(it.remedy())
                        .contains("ALTER ROLE \"bob\" IN DATABASE \"target\" SET \"app\".\"tenant\" TO '7';"));
    }

    private static List<Problem> blocking(Migration migration, DatabaseCatalog source, DatabaseCatalog target) {
        return migration.plan(source, target).problems().stream()
                .filter(Problem::blocks)
                .toList();
    }

    private interface Change {
        Hypertable of(Hypertable hypertable);
    }

    private static DatabaseCatalog with(Change change) {
        DatabaseCatalog source = TestCatalogs.source();
        return source.toBuilder()
                .hypertables(source.hypertables().stream()
                        .map(it -> it.name().equals(READINGS) ? change.of(it) : it)
                        .toList())
                .build();
    }

    private static Chunk status(Chunk chunk, int status, @Nullable ColumnstoreSettings settings) {
        return new Chunk(chunk.name(), chunk.oid(), chunk.ranges(), status, 1, 1, 1, settings, false, null);
    }

    private static DatabaseCatalog onServerWith(
            Set<String> roles, Set<String> ownRoles, Map<String, String> extensions) {
        return DatabaseCatalog.empty(server(
                new ServerInventory(
                        roles, ownRoles, roles, Set.of(), Set.of("heap"), Set.of(), extensions, Set.of(), Rights.ALL),
                Set.of(TimescaleFeature.values())));
    }

    private static ServerInfo server(ServerInventory inventory, Set<TimescaleFeature> features) {
        ServerInfo server = TestCatalogs.server("target");
        Timescale timescale = Objects.requireNonNull(server.timescale());
        return server.withTimescale(new Timescale(
                        timescale.version(), timescale.schema(), timescale.functionSchema(), true, features))
                .withInventory(inventory);
    }
}
