package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Inheriting tables have their columns and constraints on the target exactly as on the source. */
@ExtendWith(TimescaleExtension.class)
class InheritanceIT {
    private static final String COLUMNS = """
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attislocal, a.attinhcount, a.attstorage,
                   a.attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid)
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'f') AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY c.relname, a.attnum""";
    private static final String CONSTRAINTS = """
            SELECT k.conrelid::regclass::text, k.conname, k.contype, k.coninhcount, k.conislocal, k.connoinherit,
                   pg_get_constraintdef(k.oid)
            FROM pg_constraint k
            WHERE k.connamespace = 'public'::regnamespace AND k.contype <> 'n'
            ORDER BY 1, 2""";
    private static final String PARENTS = """
            SELECT inhrelid::regclass::text, inhparent::regclass::text
            FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY inhrelid::regclass::text, inhseqno""";

    @Test
    void a_check_that_is_valid_on_the_child_alone_is_valid_there_on_the_target(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("checked");
        TestDatabase to = target.createSibling("checked");
        from.execute(
                "CREATE TABLE parent (id int)",
                "INSERT INTO parent VALUES (-1)",
                "ALTER TABLE parent ADD CONSTRAINT positive CHECK (id > 0) NOT VALID",
                "CREATE TABLE child () INHERITS (parent)",
                "CREATE TABLE grandchild () INHERITS (child)",
                "INSERT INTO child VALUES (1)");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(
                        to.rows(
                                "SELECT conrelid::regclass, convalidated FROM pg_constraint WHERE conname = 'positive' ORDER BY conrelid::regclass::text"))
                .containsExactly(List.of("child", "t"), List.of("grandchild", "t"), List.of("parent", "f"));
    }

    @Test
    void columns_keep_their_order_and_all_else(@Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("inherits");
        TestDatabase to = target.createSibling("inherits_too");
        from.execute(
                // An attached child, a second parent, and a grandchild.
                "CREATE TABLE inh (id int, name text DEFAULT 'n')",
                "CREATE TABLE inh_c (extra int, name text NOT NULL, id int)",
                "ALTER TABLE inh_c INHERIT inh",
                "CREATE TABLE other (seen date NOT NULL, note text COLLATE \"C\", CHECK (seen > '2000-01-01'))",
                "ALTER TABLE other ALTER note SET STORAGE EXTERNAL",
                "ALTER TABLE inh_c ADD COLUMN note text COLLATE \"C\", ADD COLUMN seen date NOT NULL DEFAULT '2026-01-01'",
                "ALTER TABLE inh_c ALTER note SET STORAGE EXTERNAL",
                "ALTER TABLE inh_c ADD CONSTRAINT other_seen_check CHECK (seen > '2000-01-01')",
                "ALTER TABLE inh_c INHERIT other",
                "CREATE TABLE inh_g (last int) INHERITS (inh_c)",
                // A parent that got columns and a constraint later: the child has these by inheritance alone, after its
                // own.
                "CREATE TABLE grown (id bigint)",
                "CREATE TABLE grown_c (mine text DEFAULT ') INHERITS (x);') INHERITS (grown)",
                "ALTER TABLE grown ADD COLUMN added int NOT NULL DEFAULT 7, ADD CHECK (added > 0)",
                "ALTER TABLE grown_c ALTER added SET DEFAULT 8",
                "CREATE TABLE \"Odd, (\" (\"a.b\" int, x int)",
                "CREATE TABLE \"Odd;c\" (x int, \"y\" int, \"a.b\" int)",
                "ALTER TABLE \"Odd;c\" INHERIT \"Odd, (\"",
                "INSERT INTO inh VALUES (1, 'a')",
                "INSERT INTO inh_c VALUES (1, 'c', 3)",
                "INSERT INTO inh_g VALUES (2, 'g', 4, 'note', '2026-02-01', 5)",
                "INSERT INTO grown_c VALUES (1, 'm', 2)",
                "INSERT INTO \"Odd;c\" VALUES (1, 2, 3)");

        MigrationReport report = Migrations.between(from, to).run();

        assertThat(report.identical()).as(report.toText()).isTrue();
        assertThat(to.rows(COLUMNS)).isEqualTo(from.rows(COLUMNS));
        assertThat(to.rows(CONSTRAINTS)).isEqualTo(from.rows(CONSTRAINTS));
        assertThat(to.rows(PARENTS)).isEqualTo(from.rows(PARENTS));
        assertThat(to.count("SELECT count(*) FROM pg_class WHERE relname LIKE 'hyperferry%'"))
                .isZero();
        for (TestDatabase side : new TestDatabase[] {from, to}) {
            side.execute("INSERT INTO inh_c VALUES (7, 'x', 2)", "INSERT INTO grown_c VALUES (7, 'x', 2)");
            assertThat(side.value("SELECT extra || name || id FROM inh_c WHERE extra = 7"))
                    .isEqualTo("7x2");
            assertThat(side.value("SELECT id || mine || added FROM grown_c WHERE id = 7"))
                    .isEqualTo("7x2");
        }
    }

    @Test
    void an_order_that_cannot_be_kept_is_a_warning_and_never_identical(
            @Source TestDatabase source, @Target TestDatabase target) {
        TestDatabase from = source.createSibling("generated");
        TestDatabase to = target.createSibling("generated_too");
        from.execute(
                "CREATE TABLE p (id int)",
                "CREATE TABLE c (twice int GENERATED ALWAYS AS (n * 2) STORED, n int, id int)",
                "ALTER TABLE c INHERIT p");
        Migration migration = Migrations.between(from, to);

        assertThat(migration.plan().problems())
                .filteredOn(problem -> problem.code() == Problem.Code.COLUMN_ORDER_DIFFERS)
                .extracting(Problem::object)
                .containsExactly("public.c");
        assertThat(catchThrowableOfType(VerificationException.class, migration::run)
                        .report()
                        .differences())
                .singleElement()
                .hasToString("table public.c, order of columns: source twice, n, id, target id, twice, n");
    }
}
