package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.RoleUse;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.View;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FiltersTest {
    private static final Migration MIGRATION = Migration.from("postgres://nowhere/source")
            .to("postgres://nowhere/target")
            .integerTimeUnit(ChronoUnit.MILLIS);
    private static final QualifiedName SENSORS = QualifiedName.of("public", "sensors");

    @Test
    void an_aggregate_included_by_name_without_its_hypertable_blocks_and_names_what_to_include() {
        List<Problem> problems = problems(MIGRATION.include("public.hourly"), TestCatalogs.withAggregates());

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Code.INCLUDE_INCOMPLETE);
            assertThat(problem.blocks()).isTrue();
            assertThat(problem.object()).isEqualTo("public.hourly");
            assertThat(problem.remedy()).contains("--include public.readings.");
        });
    }

    @Test
    void an_aggregate_over_an_aggregate_names_all_that_it_needs_in_a_form_to_paste() {
        List<Problem> problems = problems(MIGRATION.include("daily \"x\""), TestCatalogs.withAggregates());

        assertThat(problems)
                .extracting(Problem::remedy)
                .containsExactly("Include it as well: --include public.hourly --include public.readings.");
        assertThat(problems(
                        MIGRATION.include("daily \"x\"", "public.hourly", "public.readings"),
                        TestCatalogs.withAggregates()))
                .noneMatch(problem -> problem.code() == Code.INCLUDE_INCOMPLETE);
    }

    @Test
    void what_a_wildcard_matches_and_cannot_be_migrated_is_a_warning() {
        List<Problem> problems =
                problems(MIGRATION.include("*.hour*", "public.sensors"), TestCatalogs.withAggregates());

        assertThat(problems)
                .extracting(Problem::code, Problem::blocks)
                .containsExactly(tuple(Code.INCLUDE_INCOMPLETE, false));
    }

    @Test
    void a_wildcard_with_an_exception_is_no_problem_and_a_name_with_one_is() {
        assertThat(problems(MIGRATION.include("public.*").exclude("*.sensors"), TestCatalogs.source()))
                .isEmpty();
        assertThat(problems(
                        MIGRATION.include("public.sensors", "public.readings").exclude("*.sensors")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.blocks()).isTrue())
                .satisfies(problem -> assertThat(problem.remedy()).contains("--exclude '*.sensors'"));
    }

    @Test
    void a_child_of_a_table_that_is_not_included_is_not_copied_without_it() {
        DatabaseCatalog source = TestCatalogs.source();
        Table parent = ColumnOrdersTest.table("parent", 70, List.of(), "id");
        Table child = ColumnOrdersTest.table("child", 71, List.of(parent.name()), "id");
        List<Problem> problems = problems(
                MIGRATION.include("public.child"),
                source.toBuilder().tables(List.of(child, parent)).build());

        assertThat(problems)
                .extracting(Problem::code, Problem::remedy)
                .containsExactly(tuple(Code.INCLUDE_INCOMPLETE, "Include it as well: --include public.parent."));
    }

    @Test
    void a_plan_without_a_table_to_copy_blocks() {
        DatabaseCatalog empty = DatabaseCatalog.empty(TestCatalogs.server("metrics"));
        DatabaseCatalog view = TestCatalogs.source().toBuilder()
                .views(List.of(new View(QualifiedName.of("public", "v"), 60, View.Kind.VIEW, List.of())))
                .build();

        assertThat(problems(MIGRATION, empty)).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Code.NOTHING_TO_COPY);
            assertThat(problem.blocks()).isTrue();
            assertThat(problem.remedy()).isEqualTo("Check that metrics is the database you mean.");
        });
        assertThat(problems(MIGRATION.include("public.v"), view))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(Code.NOTHING_TO_COPY);
                    assertThat(problem.remedy()).contains("--include");
                });
    }

    @Test
    void a_foreign_key_to_an_excluded_table_is_in_the_plan_and_its_sql_with_its_reason() {
        QualifiedName readings = QualifiedName.of("public", "readings");
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .constraints(List.of(
                        new Constraint(readings, "fk", "FOREIGN KEY (n) REFERENCES sensors(id)", SENSORS),
                        new Constraint(SENSORS, "own", "FOREIGN KEY (id) REFERENCES sensors(id)", SENSORS)))
                .build();

        MigrationPlan plan = MIGRATION.exclude("public.sensors").plan(source, TestCatalogs.target());

        String line = "foreign key fk on public.readings: references public.sensors, which is skipped";
        assertThat(plan.dependentsLeftOut()).containsExactly(line);
        assertThat(plan.toText()).contains(line);
        assertThat(plan.toSql()).contains("-- without " + line);
        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
        assertThat(plan.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(Code.DEPENDENTS_LEFT_OUT))
                .satisfies(problem -> assertThat(problem.message()).contains(line))
                .satisfies(problem -> assertThat(problem.blocks()).isFalse());
    }

    @Test
    void mapped_roles_must_exist_on_their_sides() {
        DatabaseCatalog source = TestCatalogs.source().toBuilder()
                .roles(List.of(new RoleUse("bob", Set.of(RoleUse.Use.OWNER))))
                .build();

        assertThat(problems(MIGRATION.mapRole("bob", "robert").mapRole("alise", "robert"), source))
                .extracting(Problem::code, Problem::object, Problem::blocks)
                .containsExactlyInAnyOrder(
                        tuple(Code.ROLE_MISSING, "robert", true), tuple(Code.MAPPED_ROLE_UNUSED, "alise", true));
    }

    private static List<Problem> problems(Migration migration) {
        return problems(migration, TestCatalogs.source());
    }

    private static List<Problem> problems(Migration migration, DatabaseCatalog source) {
        return migration
                .plan(source, DatabaseCatalog.empty(TestCatalogs.server("target", true, true)))
                .problems();
    }
}
