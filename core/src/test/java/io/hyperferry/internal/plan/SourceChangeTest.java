package io.hyperferry.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.internal.plan.SourceChange.Treatment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every difference of structure has a kind of change, and the manual has the table of all of them. */
class SourceChangeTest {
    @Test
    void the_manual_has_the_generated_table() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "cut-over.md"))).contains(SourceChange.table());
    }

    @ParameterizedTest
    @EnumSource
    void each_change_has_a_remedy(SourceChange change) {
        assertThat(change.remedy()).endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void what_the_target_lacks_is_followed_or_listed(Kind kind) {
        assertThat(SourceChange.of(new Difference(kind, "object", "", "present", Difference.MISSING))
                        .treatment())
                .isNotEqualTo(Treatment.REFUSED);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    TABLE,                column public.p.n,               '',                REFUSED
                    TABLE,                column public.p.n,               generated,         REFUSED
                    TABLE,                column public.p.n,               default,           LISTED
                    TABLE,                table public.p,                  partition bound,   REFUSED
                    TABLE,                table public.p,                  order of columns,  LISTED
                    OTHER,                type public.mood,                labels,            REFUSED
                    OTHER,                function public.f(),             definition,        LISTED
                    CONTINUOUS_AGGREGATE, continuous aggregate public.a,   definition,        REFUSED
                    CONTINUOUS_AGGREGATE, continuous aggregate public.a,   watermark,         FOLLOWED
                    COLUMNSTORE,          chunk of public.h,               compressed,        FOLLOWED
                    COLUMNSTORE,          columnstore of public.h,         segment by,        LISTED
                    OTHER,                publication p,                   definition,        LISTED
                    SEQUENCE,             sequence public.s,               '',                FOLLOWED
                    SEQUENCE,             sequence public.s,               increment,         LISTED
                    """)
    void a_difference_is_treated_by_what_rows_depend_on(Kind kind, String object, String aspect, Treatment treatment) {
        assertThat(SourceChange.of(new Difference(kind, object, aspect, "one", "other"))
                        .treatment())
                .isEqualTo(treatment);
    }
}
