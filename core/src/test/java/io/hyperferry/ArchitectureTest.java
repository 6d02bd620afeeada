package io.hyperferry;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the modules and the rooms, as the design has them. */
class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.hyperferry");

    @Test
    void catalog_and_copy_know_neither_each_other_nor_core() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("catalog")
                .definedBy("io.hyperferry.catalog..")
                .layer("copy")
                .definedBy("io.hyperferry.copy..")
                .layer("core")
                .definedBy("io.hyperferry", "io.hyperferry.internal..")
                .whereLayer("core")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("copy")
                .mayOnlyBeAccessedByLayers("core")
                .whereLayer("catalog")
                .mayOnlyBeAccessedByLayers("core")
                .check(classes);
    }

    @Test
    void jooq_stays_inside_the_catalog() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.hyperferry.catalog..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jooq..")
                .check(classes);
    }

    @Test
    void core_uses_only_what_other_modules_publish() {
        noClasses()
                .that()
                .resideInAnyPackage("io.hyperferry", "io.hyperferry.internal..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.hyperferry.catalog.internal..")
                        .or(resideInAPackage("io.hyperferry.copy.internal..")))
                .check(classes);
    }

    @Test
    void the_planner_and_the_sql_know_no_connection() {
        noClasses()
                .that()
                .resideInAnyPackage("io.hyperferry.internal.plan..", "io.hyperferry.internal.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "io.hyperferry.copy..")
                .check(classes);
    }

    @Test
    void the_rooms_of_core_have_no_cycles() {
        slices().matching("io.hyperferry.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void nothing_writes_to_standard_output() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
    }
}
