package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.RequiresSuperuser;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A database of odd names and rare features has moved, and nothing of it is lost or changed. */
@ExtendWith(TimescaleExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@RequiresSuperuser("operator classes, event triggers, foreign data wrappers")
class HostileSchemaIT {

    /**
     * What pg_dump may tell of one side only, by the first line of the entry: the triggers by which TimescaleDB before 2.23 guards the roots
     * of hypertables, which the extension makes itself; the comment that an extension brings, where it was removed, since a dump has
     * no word for that; and the chunks of a published hypertable, which pg_dump 18 names.
     */
    private static final Pattern OF_AN_EXTENSION = Pattern.compile(
            "^\\S.* ts_insert_blocker; Type: TRIGGER;.*"
                    + "|^EXTENSION hstore; Type: COMMENT;.*"
                    + "|^\\S.* _hyper_\\S+; Type: PUBLICATION TABLE; Schema: _timescaledb_internal;.*",
            Pattern.DOTALL);

    private final MigrationReport report;

    HostileSchemaIT(@Source TestDatabase source, @Target TestDatabase target) {
        HostileSchema.load(source);
        HostileSchema.createRoles(target);
        report = Migrations.between(source, target).splitBy(Duration.ofHours(6)).run();
    }

    @Test
    void the_report_says_identical() {
        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(report.tables()).hasSizeGreaterThan(60);
    }

    @Test
    void the_catalogs_differ_in_owners_alone(@Source TestDatabase source, @Target TestDatabase target)
            throws SQLException {
        assertThat(Migrations.differencesButOwners(source, target)).isEmpty();
    }

    @Test
    void the_dumps_are_the_same(@Source TestDatabase source, @Target TestDatabase target) {
        List<String> ours = entries(source, target);
        List<String> theirs = entries(target, target);

        assertThat(without(ours, theirs)).as("the source's alone").isEmpty();
        assertThat(without(theirs, ours)).as("the target's alone").isEmpty();
    }

    @Test
    void no_trigger_has_fired_and_no_rule_has_acted(@Target TestDatabase target) {
        assertThat(target.count("SELECT count(*) FROM hostile.fired")).isZero();
        assertThat(target.count("SELECT count(*) FROM hostile.rule_log")).isZero();
        assertThat(target.count("SELECT count(*) FROM hostile.hyper_watched WHERE value < 0"))
                .isZero();
    }

    @Test
    void materialized_views_have_rows_where_the_source_has(@Source TestDatabase source, @Target TestDatabase target) {
        String views = "SELECT matviewname, ispopulated FROM pg_matviews WHERE schemaname = 'hostile' ORDER BY 1";
        String rows = "SELECT md5(string_agg(v::text, '|' ORDER BY v::text)) FROM hostile.\"Kept days\" v";

        assertThat(target.rows(views)).isEqualTo(source.rows(views)).hasSize(5);
        assertThat(target.value(rows)).isEqualTo(source.value(rows)).isNotNull();
    }

    private static List<String> entries(TestDatabase database, TestDatabase tools) {
        return SchemaText.entries(database, tools).stream()
                .filter(it -> !OF_AN_EXTENSION.matcher(it).matches())
                .toList();
    }

    private static List<String> without(List<String> entries, List<String> others) {
        List<String> left = new ArrayList<>(entries);
        others.forEach(left::remove);
        return left;
    }
}
