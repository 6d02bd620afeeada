package io.hyperferry.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.Step.ColumnOrder;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.schema.TableOfContents.Entry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InheritanceTest {
    private static final ColumnOrder ORDER = new ColumnOrder(
            QualifiedName.of("public", "c"), QualifiedName.of("public", "h"), List.of("before"), List.of("a", "b"));

    @Test
    void the_helper_is_the_first_parent_and_the_settings_stay_ahead() {
        Entry entry = entry("""
                SET default_table_access_method = heap;

                CREATE TABLE public.c (
                    x text DEFAULT ') INHERITS (a);'::text,
                    "INHERITS (" integer
                )
                INHERITS (public.p, public."q)")
                WITH (fillfactor='10');
                ALTER TABLE ONLY public.c ALTER COLUMN x SET STORAGE EXTERNAL;

                ALTER TABLE public.c OWNER TO o;""");

        assertThat(Inheritance.ordered(entry, ORDER).sql()).isEqualTo("""
                SET default_table_access_method = heap;

                before;
                CREATE TABLE public.c (
                    x text DEFAULT ') INHERITS (a);'::text,
                    "INHERITS (" integer
                )
                INHERITS ("public"."h", public.p, public."q)")
                WITH (fillfactor='10');
                a;
                b;
                ALTER TABLE ONLY public.c ALTER COLUMN x SET STORAGE EXTERNAL;

                ALTER TABLE public.c OWNER TO o;""");
    }

    @Test
    void an_entry_without_parents_is_an_error_and_not_left_in_another_order() {
        assertThatThrownBy(() -> Inheritance.ordered(entry("CREATE TABLE public.c (\n    x integer\n);"), ORDER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TABLE public.c has no list of parents in the dump");
    }

    private static Entry entry(String sql) {
        return new Entry(1, 1259, 2, "TABLE", "public", "c", "o", Set.of(), sql);
    }
}
