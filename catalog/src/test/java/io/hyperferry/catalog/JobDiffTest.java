package io.hyperferry.catalog;

import static io.hyperferry.catalog.DiffCatalogs.READINGS;
import static io.hyperferry.catalog.DiffCatalogs.SERVER;
import static io.hyperferry.catalog.DiffCatalogs.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobDiffTest {
    @Test
    void jobs_are_taken_for_each_other_by_what_is_alike_and_their_differences_told_by_aspect() {
        Job daily = Job.of(1001, QualifiedName.of("public", "act"), null).withConfig("{\"n\": 1}");
        Job other = Job.of(1002, QualifiedName.of("public", "act"), null).withConfig("{\"n\": 2}");
        DatabaseCatalog source = jobs(daily, other, other);

        assertThat(CatalogDiff.between(source, jobs(other, other, daily)))
                .as("ids and order say nothing")
                .isEmpty();
        assertThat(CatalogDiff.between(source, jobs(other, daily, other.withScheduled(false))))
                .containsExactly(new Difference(Kind.JOB, "job public.act", "scheduled", "yes", "no"));
        assertThat(CatalogDiff.between(source, jobs(other, daily.withConfig(null), other)))
                .containsExactly(new Difference(Kind.JOB, "job public.act", "config", "{\"n\": 1}", "(none)"));
        assertThat(CatalogDiff.between(source, jobs(other, daily)))
                .containsExactly(new Difference(Kind.JOB, "job public.act", "", "present", "(missing)"));
        assertThat(CatalogDiff.between(jobs(daily), jobs(daily, other.withName("mine"))))
                .containsExactly(new Difference(Kind.JOB, "job public.act", "", "(missing)", "present"));
    }

    @Test
    void a_policy_is_named_with_its_relation_and_is_missing_with_it() {
        Job policy = Job.of(1000, QualifiedName.of(Job.TIMESCALE_SCHEMA, "policy_retention"), READINGS);

        assertThat(CatalogDiff.between(jobs(policy), jobs()))
                .singleElement()
                .extracting(Difference::object)
                .isEqualTo("job policy_retention of public.readings");
        assertThat(CatalogDiff.between(jobs(policy), DatabaseCatalog.empty(SERVER)))
                .noneMatch(it -> it.kind() == Kind.JOB);
    }

    private static DatabaseCatalog jobs(Job... jobs) {
        return SOURCE.toBuilder().jobs(List.of(jobs)).build();
    }
}
