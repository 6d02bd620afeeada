package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Triggers, rules and publications of the target that would interfere with catch-up and repair are named before a row is touched. */
@ExtendWith(TimescaleExtension.class)
class ObstaclesIT {
    private static final Pattern REMEDY = Pattern.compile("Run on the target: (.*); and after the .*?: (.*)\\.");

    private static final List<String> TABLES = List.of("p", "h", "kept", "ruled", "parts", "log");

    /** Older versions refuse to enable or disable triggers of hypertables. */
    private static boolean hypertablesHaveThem(TestDatabase database) {
        return !database.server().timescaleVersion().startsWith("2.19.");
    }

    @Test
    void triggers_and_rules_that_always_fire_are_named_and_nothing_is_touched(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("always");
        TestDatabase to = target.createSibling("always");
        to.letTriggersRest();
        boolean hypertables = hypertablesHaveThem(from) && hypertablesHaveThem(to);
        from.execute(
                "CREATE TABLE log (n int)",
                "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.v := NEW.v + 1000; RETURN NEW; END'",
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO public.log VALUES (1); RETURN NULL; END'",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TABLE p (id int PRIMARY KEY, v int)",
                "INSERT INTO p SELECT i, i FROM generate_series(1, 10) i",
                "CREATE TRIGGER t1 BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION touch()",
                "ALTER TABLE p ENABLE REPLICA TRIGGER t1",
                "CREATE TRIGGER t3 AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION note()",
                "CREATE TRIGGER changes AFTER UPDATE ON p FOR EACH ROW EXECUTE FUNCTION note()",
                "ALTER TABLE p ENABLE ALWAYS TRIGGER changes",
                "CREATE TABLE h (time timestamptz NOT NULL, v int)",
                "SELECT create_hypertable('h', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO h SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i"
                        + " FROM generate_series(0, 71) i",
                "CREATE TRIGGER t2 BEFORE INSERT ON h FOR EACH ROW EXECUTE FUNCTION touch()",
                hypertables ? "ALTER TABLE h ENABLE REPLICA TRIGGER t2" : "DROP TRIGGER t2 ON h",
                "CREATE TABLE kept (id int, v int)",
                "INSERT INTO kept VALUES (1, 1), (2, 2)",
                "CREATE TRIGGER \"T 4\" BEFORE DELETE ON kept FOR EACH ROW EXECUTE FUNCTION refuse()",
                "ALTER TABLE kept ENABLE REPLICA TRIGGER \"T 4\"",
                "CREATE TABLE ruled (id int)",
                "INSERT INTO ruled VALUES (1)",
                "CREATE RULE r AS ON DELETE TO ruled DO INSTEAD NOTHING",
                "ALTER TABLE ruled ENABLE ALWAYS RULE r",
                "CREATE TABLE parts (k int, v int) PARTITION BY LIST (k)",
                "CREATE TABLE part PARTITION OF parts FOR VALUES IN (1)",
                "INSERT INTO parts VALUES (1, 1)",
                "CREATE TRIGGER t5 BEFORE INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touch()",
                "ALTER TABLE parts ENABLE REPLICA TRIGGER t5");
        Migration migration = Migrations.between(from, to);
        assertThat(migration.run().identical()).isTrue();
        from.execute(
                "INSERT INTO p VALUES (11, 11)",
                "INSERT INTO h VALUES ('2026-01-01 00:30+00', 5)",
                "UPDATE kept SET v = 22 WHERE id = 2",
                "ALTER TABLE ruled DISABLE RULE r",
                "UPDATE ruled SET id = 2",
                "ALTER TABLE ruled ENABLE ALWAYS RULE r",
                "UPDATE parts SET v = 2");
        Map<String, List<?>> before = rows(to);

        Map<String, Problem> problems = problems(migration::catchUp);
        assertThat(problems.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        hypertables
                                ? List.of("public.p", "public.h", "public.kept", "public.ruled", "public.part")
                                : List.of("public.p", "public.kept", "public.ruled", "public.part"));
        assertThat(of(problems, "public.p").message()).contains("trigger t1", "public.p", "catch-up");
        assertThat(statements(of(problems, "public.p"), 1))
                .containsExactly("ALTER TABLE \"public\".\"p\" DISABLE TRIGGER \"t1\"");
        assertThat(statements(of(problems, "public.ruled"), 1))
                .containsExactly("ALTER TABLE \"public\".\"ruled\" ENABLE RULE \"r\"");
        assertThat(statements(of(problems, "public.kept"), 2))
                .containsExactly("ALTER TABLE \"public\".\"kept\" ENABLE REPLICA TRIGGER \"T 4\"");
        assertThat(rows(to)).isEqualTo(before);

        problems.values().forEach(problem -> to.execute(statements(problem, 1).toArray(String[]::new)));
        CatchUpReport report = migration.catchUp();
        assertThat(report.still()).as(report.toText()).isTrue();
        assertThat(rows(to)).isEqualTo(rows(from));
        problems.values().forEach(problem -> to.execute(statements(problem, 2).toArray(String[]::new)));
        assertThat(migration.verify().identical()).isTrue();

        to.execute("UPDATE p SET v = 0 WHERE v = 5");
        Map<String, Problem> ofRepair = problems(migration::repair);
        assertThat(ofRepair).as("tables with rows to replace").containsOnlyKeys("public.p");
        to.execute(statements(of(ofRepair, "public.p"), 1).toArray(String[]::new));
        migration.repair();
        to.execute(statements(of(ofRepair, "public.p"), 2).toArray(String[]::new));
        assertThat(rows(to)).isEqualTo(rows(from));
        assertThat(migration.verify().identical()).isTrue();
    }

    private static Map<String, List<?>> rows(TestDatabase database) {
        Map<String, List<?>> rows = new TreeMap<>();
        TABLES.forEach(
                table -> rows.put(table, database.rows("SELECT * FROM " + table + " ORDER BY " + table + "::text")));
        return rows;
    }

    private static Problem of(Map<String, Problem> problems, String object) {
        return Objects.requireNonNull(problems.get(object), object);
    }

    private static Map<String, Problem> problems(Runnable verb) {
        PreflightException refused = catchThrowableOfType(PreflightException.class, verb::run);
        assertThat(refused).isNotNull();
        Map<String, Problem> problems = new TreeMap<>();
        refused.problems().forEach(problem -> problems.put(problem.object(), problem));
        return problems;
    }

    /** The statements of a remedy: those to run before (1) and after (2). */
    private static List<String> statements(Problem problem, int group) {
        Matcher remedy = REMEDY.matcher(problem.remedy());
        assertThat(remedy.lookingAt()).as(problem.remedy()).isTrue();
        return List.of(remedy.group(group).split("; "));
    }
}
