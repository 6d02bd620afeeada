package io.hyperferry.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.internal.schema.TableOfContents.Entry;
import java.util.List;
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
    void the_last_entry_ends_where_its_statements_do() {
        String ofEarlierTools = SCRIPT.replace("\\unrestrict abc\n", "").replace("-- Completed on 2026-01-01\n\n", "");

        for (String script : List.of(SCRIPT, ofEarlierTools)) {
            assertThat(TableOfContents.parse(script, LISTING).entries().get(2).sql())
                    .isEqualTo("GRANT SELECT ON TABLE public.cond TO PUBLIC;");
        }
    }

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
                .startsWith("SET default_table_access_method = heap;\nSET default_tablespace = '';\n\nCREATE TABLE");
    }

    @Test
    void a_setting_that_is_said_once_counts_for_all_that_follow() {
        String two = SCRIPT.replace("-- Completed on 2026-01-01\n", """
                SET default_tablespace = fast;

                --
                -- TOC entry 20 (class 1259 OID 20)
                -- Name: i; Type: INDEX; Schema: public; Owner: app; Tablespace: fast
                --

                CREATE INDEX i ON public.cond ("time");


                --
                -- TOC entry 21 (class 1259 OID 21)
                -- Name: j; Type: INDEX; Schema: public; Owner: app; Tablespace: fast
                --

                CREATE INDEX j ON public.cond ("time");


                """);

        List<Entry> entries = TableOfContents.parse(
                        two, LISTING + "20; 1259 20 INDEX public i app\n21; 1259 21 INDEX public j app\n")
                .entries();

        assertThat(entries.subList(3, 5)).allSatisfy(it -> {
            assertThat(it.sql()).contains("SET default_tablespace = fast;").contains("CREATE INDEX " + it.name());
            assertThat(it.owner()).isEqualTo("app");
        });
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
}
