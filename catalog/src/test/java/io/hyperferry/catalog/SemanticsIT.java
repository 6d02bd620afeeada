package io.hyperferry.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the order and the hashes of a column's values depend on, as the catalog of a server tells it. */
@ExtendWith(TimescaleExtension.class)
class SemanticsIT {
    @Test
    void columns_say_which_types_and_collations_their_values_depend_on(@Source TestDatabase database) {
        TestDatabase source = database.createSiblingWith("meaning", "LOCALE_PROVIDER icu ICU_LOCALE 'en'");
        source.superuser()
                .execute(
                        "CREATE TYPE own",
                        "CREATE FUNCTION own_in(cstring) RETURNS own AS 'textin' LANGUAGE internal IMMUTABLE STRICT",
                        "CREATE FUNCTION own_out(own) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT",
                        "CREATE TYPE own (INPUT = own_in, OUTPUT = own_out, LIKE = text)");
        source.execute(
                "CREATE TYPE mood AS ENUM ('up', 'down')",
                "CREATE DOMAIN mood_domain AS mood",
                "CREATE TYPE mood_range AS RANGE (subtype = mood)",
                "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TYPE pair AS (n int, t text COLLATE \"C\", m mood_domain[])",
                "CREATE TYPE text_range AS RANGE (subtype = text, collation = blind)",
                "CREATE TABLE meaning (at timestamptz NOT NULL, n int, t text, c text COLLATE \"C\", b text COLLATE blind,"
                        + " e mood, es mood[], d mood_domain, r mood_range, p pair, ps pair[], tr text_range,"
                        + " j jsonb, reg regclass, o own, u uuid[])",
                "SELECT create_hypertable('meaning', 'at')");

        ValueSemantics semantics = Reading.of(source).semantics();

        assertThat(semantics.columns())
                .extracting(ColumnSemantics::column)
                .containsExactlyInAnyOrder("t", "c", "b", "e", "es", "d", "r", "p", "ps", "tr", "j", "reg", "o");
        assertThat(List.of("e", "es", "d", "r", "p", "ps"))
                .allSatisfy(column -> assertThat(of(semantics, column).enums()).containsExactly("public.mood"));
        assertThat(of(semantics, "reg").oidTypes()).containsExactly("regclass");
        assertThat(of(semantics, "o").ownTypes()).containsExactly("public.own");
        assertThat(of(semantics, "t").collations()).containsExactly(semantics.collation());
        assertThat(of(semantics, "j").collations()).containsExactly(semantics.collation());
        assertThat(List.of("c", "p", "ps"))
                .allSatisfy(column -> assertThat(of(semantics, column).collations())
                        .singleElement()
                        .satisfies(collation -> assertThat(collation.isCodePointOrder())
                                .as(column + ": " + collation)
                                .isTrue()));
        assertThat(List.of("b", "tr"))
                .allSatisfy(column -> assertThat(of(semantics, column).collations())
                        .singleElement()
                        .satisfies(collation -> {
                            assertThat(collation.name()).isEqualTo("public.blind");
                            assertThat(collation.deterministic()).isFalse();
                            assertThat(collation.version()).isNotNull();
                            assertThat(semantics.counterpartOf(collation)).isEqualTo(collation);
                        }));
    }

    private static ColumnSemantics of(ValueSemantics semantics, String column) {
        return semantics.of(Reading.name("meaning"), column).orElseThrow();
    }

    @Test
    void a_database_has_its_collation_with_the_version_of_the_library(@Source TestDatabase database) {
        TestDatabase icu = database.createSiblingWith("icu", "LOCALE_PROVIDER icu ICU_LOCALE 'de-AT'");
        TestDatabase bytewise = database.createSiblingWith("c", "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'");

        ValueSemantics ofIcu = Reading.of(icu).semantics();

        assertThat(ofIcu.collation().library()).isEqualTo("icu de-AT");
        assertThat(ofIcu.collation().version())
                .isEqualTo(icu.value("SELECT pg_collation_actual_version('\"de-AT-x-icu\"'::regcollation)"));
        assertThat(ofIcu.counterpartOf(new Collation("x", "icu", "de-AT-u-ks-level2", "", false, null))
                        .version())
                .as("of a locale with options")
                .isEqualTo(ofIcu.collation().version());
        assertThat(ofIcu.counterpartOf(new Collation("x", "icu", "de-u-co-phonebk", "", true, null))
                        .version())
                .as("of another order of letters")
                .isNull();
        assertThat(Reading.of(bytewise).semantics().collation())
                .isEqualTo(new Collation(Collation.DEFAULT, "libc", "C", "", true, null));
    }
}
