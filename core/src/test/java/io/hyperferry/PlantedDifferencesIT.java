package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.MigrationReport.TableResult;
import io.hyperferry.RepairReport.Repair;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Differences of every kind are planted on the target, each in a slice of its own: each is found and named, and a repair moves these slices and no
 * other.
 */
@ExtendWith(TimescaleExtension.class)
class PlantedDifferencesIT {
    private static final LocalDate FIRST = LocalDate.parse("2026-03-01");
    private static final DateTimeFormatter LITERAL =
            DateTimeFormatter.ofPattern("'TIMESTAMPTZ '''yyyy-MM-dd HH:mm:ss'+00'''", Locale.ROOT);
    private static final String ALL_OF_IT = "whole table";

    /** A difference, its table and its range, and how it is made. */
    private record Planted(String table, String range, String sql) {}

    /** Some hours of a day, as a report names them. */
    private static String range(String column, int day, int hour, int hours) {
        LocalDateTime from = FIRST.plusDays(day).atTime(hour, 0);
        return column + " from " + LITERAL.format(from) + " to before " + LITERAL.format(from.plusHours(hours));
    }

    private static String morning(int day) {
        return range("time", day, 0, 12);
    }

    /** A moment of a day, as a literal. */
    private static String at(int day, int hour) {
        return String.format(Locale.ROOT, "'%s %02d:00+00'", FIRST.plusDays(day), hour);
    }

    /** What becomes of one row a day of the table of all types; many of these changes are none to an equality, or to a hash. */
    private static final List<String> VALUES = List.of(
            "v_bool = NOT v_bool",
            "v_int2 = v_int2 + 1",
            "v_int4 = -v_int4",
            "v_int8 = 4294967296",
            "v_numeric = 1.00",
            "v_numeric = 'NaN'",
            "v_float8 = '-0'",
            "v_float8 = 'NaN'",
            "v_float4 = 1.5000001",
            "v_text = upper(v_text)",
            "v_text = v_text || ' '",
            "v_text = replace(v_text, ' ', E'\\t')",
            "v_empty = NULL",
            "v_text = v_text || U&'e\\0301', v_empty = ''",
            "v_blind = upper(v_blind)",
            "v_bpchar = 'x  '",
            "v_char = 'y'",
            "v_name = 'Name'",
            "v_citext = 'ABC'",
            "v_json = '{\"a\": 1}'",
            "v_jsonb = '{\"a\": 1.0}'",
            "v_xml = '<a></a>'",
            "v_interval = '24 hours'",
            "v_timestamptz = v_timestamptz + interval '1 microsecond'",
            "v_timestamp = 'infinity'",
            "v_date = v_date + 1",
            "v_timetz = '13:00+01'",
            "v_bytea = '\\x0000'",
            "v_uuid = '00000000-0000-0000-0000-000000000002'",
            "v_ints = '[0:1]={1,2}'",
            "v_nothing = NULL",
            "v_numerics = '{1.0}'",
            "v_pair = '(1.0,good)'",
            "v_pairs = ARRAY['(1.0,good)'::pair]",
            "v_mood = 'bad'",
            "v_share = 1.0",
            "v_range = '[1.0,2)'",
            "v_ranges = '{[1.0,2)}'",
            "v_point = '(-0,1)'",
            "v_lseg = '[(1,1),(0,0)]'",
            "v_bits = '100'",
            "v_inet = '10.0.0.1/8'",
            "v_money = 1.01::numeric::money",
            "v_tsvector = 'a:1A'",
            "one = other, other = one",
            "v_int2 = v_int2 + 7");

    private static List<Planted> everywhere() {
        List<Planted> all = new ArrayList<>();
        for (int day = 0; day < VALUES.size(); day++) {
            all.add(new Planted(
                    "every", morning(day), "UPDATE every SET " + VALUES.get(day) + " WHERE time = " + at(day, 3)));
        }
        all.addAll(List.of(
                // Two rows exchange a value.
                new Planted(
                        "every",
                        morning(50),
                        "UPDATE every t SET one = o.one FROM every o WHERE t.time IN (" + at(50, 3) + ", " + at(50, 4)
                                + ") AND o.time IN (" + at(50, 3) + ", " + at(50, 4) + ") AND o.time <> t.time"),
                new Planted("every", morning(51), "DELETE FROM every WHERE time = " + at(51, 3)),
                // A row twice.
                new Planted(
                        "every",
                        morning(52),
                        "DO $$ DECLARE names text := (SELECT string_agg(quote_ident(attname), ',') FROM pg_attribute"
                                + " WHERE attrelid = 'every'::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped);"
                                + " BEGIN EXECUTE format('INSERT INTO every (%1$s) SELECT %1$s FROM every WHERE time = %2$L',"
                                + " names, " + at(52, 3) + "); END $$"),
                new Planted(
                        "every",
                        morning(53),
                        "UPDATE every SET time = time + interval '1 microsecond' WHERE time = " + at(53, 3)),
                // A row beyond the bound of its slice, which two slices have to notice.
                new Planted("every", morning(54), "DELETE FROM every WHERE time = " + at(54, 11)),
                new Planted("every", range("time", 54, 12, 12), "INSERT INTO every (time) VALUES (" + at(54, 12) + ")"),
                // A row between the chunks.
                new Planted("every", range("time", 57, 0, 48), "INSERT INTO every (time) VALUES (" + at(58, 3) + ")"),
                new Planted("places", ALL_OF_IT, "UPDATE places SET name = 'x' WHERE id = 7"),
                new Planted("visits", ALL_OF_IT, "DELETE FROM visits WHERE place = 1"),
                new Planted(
                        "parted_1",
                        ALL_OF_IT,
                        "UPDATE parted_1 SET v = v || '!' WHERE id = (SELECT min(id) FROM parted_1)"),
                new Planted("spread", morning(1), "UPDATE spread SET v = -v WHERE device = 3 AND time = " + at(1, 3))));
        return all;
    }

    private static List<Planted> community() {
        return List.of(
                new Planted(
                        "packed",
                        range("time", 0, 0, 24),
                        "UPDATE packed SET v = v + 1 WHERE device = 1 AND time = " + at(0, 3)),
                new Planted(
                        "packed",
                        range("time", 1, 0, 24),
                        "DELETE FROM packed WHERE device = 2 AND time = " + at(1, 3)),
                new Planted("packed", range("time", 2, 0, 24), "INSERT INTO packed VALUES (" + at(2, 3) + ", 1, 1)"),
                new Planted(
                        "hourly",
                        range("bucket", 1, 0, 12),
                        "DO $$ BEGIN EXECUTE format('UPDATE %s SET n = n + 1 WHERE bucket = %L',"
                                + " (SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name)"
                                + " FROM timescaledb_information.continuous_aggregates WHERE view_name = 'hourly'), "
                                + at(1, 3) + "); END $$"));
    }

    /** What is no matter of rows: it is found, and left as it is. */
    private static final Map<String, List<String>> STRUCTURE = Map.of(
            "an index that is missing", List.of("DROP INDEX places_name", "CREATE INDEX places_name ON places (name)"),
            "another default",
                    List.of(
                            "ALTER TABLE places ALTER name SET DEFAULT 'y'",
                            "ALTER TABLE places ALTER name SET DEFAULT 'x'"),
            "a sequence", List.of("SELECT setval('counted', 8)", "SELECT setval('counted', 7)"));

    @Test
    void every_planted_difference_is_found_in_its_slice_and_repaired_there(
            @Source TestDatabase source, @Target TestDatabase target) throws IOException {
        boolean community = source.server().community() && target.server().community();
        source.execute(script("planted.sql"));
        if (community) {
            source.execute(script("planted-community.sql"), "CALL refresh_continuous_aggregate('hourly', NULL, NULL)");
        }
        target.letTriggersRest();
        Migration migration = Migrations.between(source, target).splitBy(Duration.ofHours(12));
        assertThat(migration.run().identical()).isTrue();

        List<Planted> all = new ArrayList<>(everywhere());
        if (community) {
            all.addAll(community());
        }
        assertThat(all).hasSizeGreaterThan(50);
        Map<String, List<String>> planted = new TreeMap<>();
        for (Planted one : all) {
            target.superuser().execute("SET session_replication_role = replica; SET timezone = 'UTC'; " + one.sql());
            planted.computeIfAbsent("public." + one.table(), it -> new ArrayList<>())
                    .add(one.range());
        }
        planted.values().forEach(it -> it.sort(null));

        assertThat(where(migration.verify())).isEqualTo(planted);
        RepairReport repair = migration.repair();
        assertThat(ranges(repair)).isEqualTo(planted);
        assertThat(repair.comparison().summaryOfDifferences()).isEmpty();

        STRUCTURE.forEach((name, sql) -> target.execute(sql.get(0)));
        target.superuser().execute("SET session_replication_role = replica; DELETE FROM places WHERE id = 3");
        RepairReport again = migration.repair();
        assertThat(ranges(again)).isEqualTo(Map.of("public.places", List.of(ALL_OF_IT)));
        assertThat(again.identical()).isFalse();
        assertThat(again.comparison().differences()).hasSize(STRUCTURE.size());
        STRUCTURE.forEach((name, sql) -> target.execute(sql.get(1)));

        // Everything is compared again: triggers would have written notes, and a foreign key removed rows.
        assertThat(migration.verify().summaryOfDifferences()).isEmpty();
    }

    private static Map<String, List<String>> where(MigrationReport report) {
        Map<String, List<String>> where = new TreeMap<>();
        for (TableResult table : report.tables()) {
            if (!table.identical()) {
                where.put(
                        table.table().toString(),
                        table.mismatches().stream()
                                .map(it -> it.replaceFirst(": \\d+ rows .*", ""))
                                .sorted()
                                .toList());
            }
        }
        return where;
    }

    private static Map<String, List<String>> ranges(RepairReport report) {
        Map<String, List<String>> ranges = new TreeMap<>();
        for (Repair repair : report.repairs()) {
            ranges.computeIfAbsent(repair.table().toString(), it -> new ArrayList<>())
                    .addAll(repair.ranges());
        }
        ranges.values().forEach(it -> it.sort(null));
        return ranges;
    }

    private static String script(String name) throws IOException {
        try (InputStream script = PlantedDifferencesIT.class.getResourceAsStream(name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
