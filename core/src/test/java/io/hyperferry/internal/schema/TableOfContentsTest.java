package io.hyperferry.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.schema.TableOfContents.Entry;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableOfContentsTest {
    private static final String LISTING = """
            ;
            ; Archive created at 2026-01-01
            ;
            7; 1255 17197 FUNCTION public g() app
            9; 1259 17148 TABLE public cond app
            11; 0 0 ACL public TABLE cond app
            """;

    private static final String SCRIPT = """
            --
            -- PostgreSQL database dump
            --

            \\restrict abc

            SET row_security = off;

            --
            -- TOC entry 7 (class 1255 OID 17197)
            -- Name: g(); Type: FUNCTION; Schema: public; Owner: -
            -- Data Pos: 0
            --

            CREATE FUNCTION public.g() RETURNS text
                LANGUAGE sql
                AS $$ select '
            --
            -- TOC entry 1 (class 1 OID 1)
            -- Name: x; Type: TABLE; Schema: public; Owner: -
            --

            ' $$;


            SET default_tablespace = '';

            SET default_table_access_method = heap;

            --
            -- TOC entry 9 (class 1259 OID 17148)
            -- Dependencies: 7 12
            -- Name: cond; Type: TABLE; Schema: public; Owner: -
            -- Data Pos: 0
            --

            CREATE TABLE public.cond (
                "time" timestamp with time zone NOT NULL
            );


            --
            -- TOC entry 11 (class 0 OID 0)
            -- Dependencies: 9
            -- Name: TABLE cond; Type: ACL; Schema: public; Owner: -
            --

            GRANT SELECT ON TABLE public.cond TO PUBLIC;


            -- Completed on 2026-01-01

            --
            -- PostgreSQL database dump complete
            --

            \\unrestrict abc
            """;

    @Test
    void a_script_falls_into_its_entries() {
        TableOfContents contents = TableOfContents.parse(SCRIPT, LISTING);

        assertThat(contents.entries())
                .extracting(Entry::id, Entry::kind, Entry::name, Entry::dependencies)
                .containsExactly(
                        tuple(7, "FUNCTION", "g()", Set.of()),
                        tuple(9, "TABLE", "cond", Set.of(7, 12)),
                        tuple(11, "ACL", "TABLE cond", Set.of(9)));
    }

    @Test
    void a_header_inside_a_function_stays_in_the_function() {
        Entry function = TableOfContents.parse(SCRIPT, LISTING).entries().get(0);

        assertThat(function.sql()).contains("TOC entry 1 (class 1 OID 1)").endsWith("' $$;");
    }

    @Test
    void settings_ahead_of_an_entry_belong_to_it() {
        Entry table = TableOfContents.parse(SCRIPT, LISTING).entries().get(1);

        assertThat(table.sql())
                .startsWith("SET default_tablespace = '';\n\nSET default_table_access_method = heap;\n\nCREATE TABLE");
    }

    @Test
    void what_only_psql_understands_is_gone() {
        assertThat(TableOfContents.parse(SCRIPT, LISTING).entries())
                .noneMatch(it -> it.sql().contains("restrict abc"));
    }

    @Test
    void a_header_that_a_function_forges_is_refused() {
        String forged = SCRIPT.replace("TOC entry 1 (class 1 OID 1)", "TOC entry 9 (class 1259 OID 17148)");

        assertThatThrownBy(() -> TableOfContents.parse(forged, LISTING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cond");
    }

    @Test
    void only_hypertables_lose_the_only() {
        Set<QualifiedName> hypertables = Set.of(QualifiedName.of("we ird", "T\nb"));
        Entry onHypertable =
                constraint("ALTER TABLE ONLY \"we ird\".\"T\nb\"\n    ADD CONSTRAINT k PRIMARY KEY (id);\n\n"
                        + "ALTER TABLE ONLY \"we ird\".\"T\nb\" REPLICA IDENTITY USING INDEX k;");
        Entry onTable = constraint("ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k PRIMARY KEY (id);");

        assertThat(SchemaEntries.withoutOnly(onHypertable, hypertables))
                .isEqualTo("ALTER TABLE \"we ird\".\"T\nb\"\n    ADD CONSTRAINT k PRIMARY KEY (id);\n\n"
                        + "ALTER TABLE \"we ird\".\"T\nb\" REPLICA IDENTITY USING INDEX k;");
        assertThat(SchemaEntries.withoutOnly(onTable, hypertables)).isEqualTo(onTable.sql());
    }

    private static Entry constraint(String sql) {
        return new Entry(1, 2606, 1, "CONSTRAINT", "s", "t k", Set.of(), sql);
    }
}
