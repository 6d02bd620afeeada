package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hyperferry.CatalogJson;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.DatabaseCatalog;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan is a value: written and read, told apart, compared, and the same wherever it is made. */
class PlanValueTest {
    private final Migration migration =
            Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");

    static Set<String> names() {
        return GoldenPlans.all().keySet();
    }

    private static MigrationPlan plan(String name) {
        return Objects.requireNonNull(GoldenPlans.all().get(name), name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void the_sql_is_the_golden_one_and_json_loses_nothing(String name) throws IOException {
        MigrationPlan plan = plan(name);

        assertThat(plan.toSql()).isEqualTo(PlannerTest.golden(name + ".sql"));
        MigrationPlan read = MigrationPlan.fromJson(plan.toJson());
        assertThat(read).isEqualTo(plan);
        assertThat(read.toJson()).isEqualTo(plan.toJson());
        assertThat(read.hash()).isEqualTo(plan.hash()).matches("[0-9a-f]{64}");
        assertThat(plan.differences(read)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_catalog_that_was_kept_as_json_gives_the_same_plan(String name) {
        DatabaseCatalog source = Objects.requireNonNull(GoldenPlans.sources().get(name), name);

        DatabaseCatalog read = CatalogJson.read(CatalogJson.write(source));

        assertThat(read).isEqualTo(source);
        assertThat(migration.plan(read, TestCatalogs.target()).hash())
                .isEqualTo(migration.plan(source, TestCatalogs.target()).hash());
    }

    @Test
    void two_processes_with_other_time_zones_and_languages_make_the_same_bytes() throws Exception {
        String here = printed("-Duser.timezone=UTC", "-Duser.language=en");
        String there = printed(
                "-Duser.timezone=Pacific/Kiritimati",
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Dfile.encoding=ISO-8859-1");
        String elsewhere = printed("-Duser.timezone=America/New_York", "-Duser.language=tr", "-Duser.country=TR");

        assertThat(here).contains(plan("jobs").hash(), plan("filtered").hash(), "create_hypertable");
        assertThat(there).isEqualTo(here);
        assertThat(elsewhere).isEqualTo(here);
    }

    private static String printed(String... properties) throws IOException, InterruptedException {
        String classes = Stream.of(
                        Path.of("target", "test-classes").toString(),
                        Path.of("target", "classes").toString(),
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("java.class.path", ""))
                .filter(it -> !it.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(properties));
        command.addAll(List.of("-Xmx128m", "-cp", classes, GoldenPlans.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text;
    }

    @Test
    void a_hash_tells_what_is_executed_and_not_what_was_warned_of() {
        MigrationPlan plan = plan("two-hypertables");

        assertThat(plan.withProblems(List.of(Problem.warning(Problem.Code.ROLE_MISSING, "a", "b", "c")))
                        .hash())
                .isEqualTo(plan.hash());
        assertThat(GoldenPlans.all().values().stream().map(MigrationPlan::hash).distinct())
                .hasSize(5);
    }

    @Test
    void differences_name_what_changed() {
        MigrationPlan before = migration.plan(TestCatalogs.source(), TestCatalogs.target());

        List<String> split = before.differences(
                migration.splitBy(Duration.ofHours(12)).plan(TestCatalogs.source(), TestCatalogs.target()));
        assertThat(split)
                .contains("option splitBy was not set, is PT12H")
                .anyMatch(it -> it.startsWith("table public.readings: slice gone: rows of"))
                .anyMatch(it -> it.startsWith("table public.readings: slice new: rows of") && it.contains(" ["))
                .noneMatch(it -> it.startsWith("table app"));

        List<String> excluded = before.differences(
                migration.exclude("public.readings").plan(TestCatalogs.source(), TestCatalogs.target()));
        assertThat(excluded)
                .contains("step gone: create hypertable public.readings", "option exclude new: public.readings")
                .anyMatch(it -> it.startsWith("table gone: public.readings, 3 slices"));

        DatabaseCatalog grown =
                TestCatalogs.source().toBuilder().sequences(List.of()).build();
        assertThat(before.differences(migration.plan(grown, TestCatalogs.target())))
                .isNotEmpty()
                .allMatch(it -> it.contains("sequences"));
        assertThat(before.differences(before)).isEmpty();
    }

    @Test
    void what_is_no_plan_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MigrationPlan.fromJson("{\"version\": 1}"))
                .withMessageContaining("version 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CatalogJson.read("{\"version\": 2}"))
                .withMessageContaining("catalog missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CatalogJson.read("no"))
                .withMessageContaining("not a catalog");
    }
}
