package io.hyperferry.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.ServerInfo;
import org.junit.jupiter.api.Test;

/**
 * A program that is a module, as these examples are, finds the library on the module path, where nothing is opened to Jackson or jOOQ. The
 * examples in other languages have it on the class path.
 */
class ModulePathTest {
    @Test
    void a_plan_is_made_written_and_read_on_the_module_path() {
        assertThat(getClass().getModule().getName()).isEqualTo("io.hyperferry.examples");
        assertThat(Migration.class.getModule().getName()).isEqualTo("io.hyperferry");
        assertThat(DatabaseCatalog.class.getModule().getName()).isEqualTo("io.hyperferry.catalog");
        DatabaseCatalog empty = DatabaseCatalog.empty(ServerInfo.community("metrics", "17.5", "2.29.2"));

        MigrationPlan plan = Migration.from("postgres://app@old/metrics")
                .to("postgres://app@new/metrics")
                .plan(empty, empty);

        assertThat(MigrationPlan.fromJson(plan.toJson())).isEqualTo(plan);
    }
}
