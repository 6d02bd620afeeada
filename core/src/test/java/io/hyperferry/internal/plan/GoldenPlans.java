package io.hyperferry.internal.plan;

import io.hyperferry.CatalogJson;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.TestCatalogs;
import io.hyperferry.catalog.DatabaseCatalog;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Plans of five catalogs, each with a golden file of its SQL. */
final class GoldenPlans {
    private GoldenPlans() {}

    private static Migration migration() {
        return Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");
    }

    /** What is planned, by name. */
    static Map<String, DatabaseCatalog> sources() {
        Map<String, DatabaseCatalog> sources = new LinkedHashMap<>();
        sources.put("two-hypertables", TestCatalogs.source());
        sources.put("continuous-aggregates", TestCatalogs.withAggregates());
        sources.put("compressed-chunks", CompressedTransferTest.source(1, 1));
        sources.put("jobs", JobsTest.source(JobsTest.ACTION, JobsTest.RETENTION));
        sources.put("filtered", TestCatalogs.source());
        return sources;
    }

    /** The plans, by name. */
    static Map<String, MigrationPlan> all() {
        Map<String, DatabaseCatalog> sources = sources();
        Map<String, MigrationPlan> plans = new LinkedHashMap<>();
        sources.forEach((name, source) -> plans.put(name, plan(name, source)));
        return plans;
    }

    private static MigrationPlan plan(String name, DatabaseCatalog source) {
        return switch (name) {
            case "two-hypertables" ->
                migration()
                        .splitBy(Duration.ofHours(12))
                        .integerTimeUnit(ChronoUnit.MILLIS)
                        .plan(source, TestCatalogs.target());
            case "continuous-aggregates" ->
                migration().plan(source, DatabaseCatalog.empty(TestCatalogs.server("target", true, true)));
            case "compressed-chunks" -> migration().include("public.readings").plan(source, TestCatalogs.target());
            case "jobs" -> migration().plan(source, JobsTest.target());
            case "filtered" ->
                migration()
                        .exclude("*.sensors", "public.readings")
                        .mapRole("zoe", "app")
                        .mapRole("adam", "app")
                        .plan(source, TestCatalogs.target());
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Prints everything that a plan can say, for one process to be compared with another. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        all().forEach((name, plan) -> {
            out.println(name + " " + plan.hash());
            out.println(plan.toText());
            out.println(plan.toSql());
            out.println(plan.toJson());
        });
        sources().values().forEach(it -> out.println(CatalogJson.write(it)));
    }
}
