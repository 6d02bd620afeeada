package io.hyperferry.copy;

import static io.hyperferry.copy.Sides.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.testkit.AnyEdition;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.Target;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

/** Every row arrives, and nothing else. */
@AnyEdition
@ExtendWith(TimescaleExtension.class)
class CopyRowsIT {

    private final TestDatabase source;
    private final TestDatabase target;
    private final Sides sides;

    CopyRowsIT(@Source TestDatabase source, @Target TestDatabase target) {
        this.source = source;
        this.target = target;
        this.sides = new Sides(source, target);
    }

    @AfterEach
    void nothing_is_left_behind() {
        sides.assertClean();
        sides.close();
    }

    @Test
    void values_of_many_types_arrive_exactly() throws Exception {
        table("typed", """
                i int, b bigint, f float8, n numeric, t text, y bytea, z timestamptz, d date, v interval, u uuid,
                j jsonb, a int[], q bool, x inet, r int4range""");
        source.execute("""
                INSERT INTO typed VALUES
                (1, -9223372036854775808, 'NaN', 1e-30, E'tab\\t \\\\N ß 漢字 🐘', '\\x00ff0a5c', 'infinity', '-infinity',
                 '1 mon -2 days 00:00:00.000001', '00000000-0000-0000-0000-00000000000f', '{"a": [1, null]}',
                 '{1,NULL,3}', true, '10.0.0.0/8', '[1,)'),
                (2, 0, '-Infinity', 'NaN', '', '', '0044-03-15 12:00:00+00 BC', '5874897-12-31', '0', NULL, 'null',
                 '{}', false, '::1', 'empty'),
                (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""");
        List<CopyResult> results = Collections.synchronizedList(new ArrayList<>());
        CopyTask task = task("typed", "SELECT * FROM typed", "typed");

        CopySummary summary = sides.engine()
                .listener(event -> {
                    if (event instanceof CopyEvent.Finished finished) {
                        results.add(finished.result());
                    }
                })
                .run(CopyQueue.of(List.of(task)));

        assertThat(target.rows("SELECT * FROM typed ORDER BY i"))
                .isEqualTo(source.rows("SELECT * FROM typed ORDER BY i"));
        assertThat(summary.tasks()).isEqualTo(1);
        assertThat(summary.rows()).isEqualTo(3);
        assertThat(summary.bytes()).isEqualTo(copiedBytes(task));
        assertThat(summary.elapsed()).isPositive();
        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.task()).isEqualTo(task);
            assertThat(result.rows()).isEqualTo(3);
            assertThat(result.bytes()).isEqualTo(summary.bytes());
            assertThat(result.elapsed()).isPositive();
        });
    }

    private long copiedBytes(CopyTask task) throws Exception {
        try (Connection connection = source.connect()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut(task.parts().get(0).copyOut(), bytes);
            return bytes.size();
        }
    }

    @Test
    void an_empty_table_is_a_task_of_zero_rows() {
        table("nothing", "i int");

        CopySummary summary = sides.engine().run(CopyQueue.of(List.of(task("nothing", "TABLE nothing", "nothing"))));

        assertThat(summary.tasks()).isEqualTo(1);
        assertThat(summary.rows()).isZero();
        assertThat(target.count("SELECT count(*) FROM nothing")).isZero();
    }

    @Test
    void rows_of_a_megabyte_arrive() {
        table("wide", "i int, t text, y bytea");
        source.execute("""
                INSERT INTO wide SELECT i, string_agg(md5((i * g)::text), ''),
                  decode(string_agg(md5((i + g)::text), ''), 'hex')
                FROM generate_series(1, 12) i, generate_series(1, 32768) g GROUP BY i""");
        String digest = "SELECT md5(string_agg(md5(t) || md5(y), '' ORDER BY i)) FROM wide";

        CopySummary summary = sides.engine().run(CopyQueue.of(List.of(task("wide", "TABLE wide", "wide"))));

        assertThat(summary.bytes()).isGreaterThan(12L * 1024 * 1024);
        assertThat(target.value(digest)).isNotNull().isEqualTo(source.value(digest));
    }

    @Test
    void many_rows_by_parallel_workers_arrive_once_each() {
        table("many", "i int, t text");
        source.execute("INSERT INTO many SELECT g, 'row ' || g FROM generate_series(1, 200000) g");
        List<CopyTask> tasks = new ArrayList<>();
        for (int from = 1; from <= 200_000; from += 10_000) {
            String range = "SELECT * FROM many WHERE i >= " + from + " AND i < " + (from + 10_000);
            tasks.add(task("many from " + from, range, "many"));
        }
        Set<String> threads = Collections.synchronizedSet(new HashSet<>());
        Set<CopyTask> finished = Collections.synchronizedSet(new HashSet<>());

        CopySummary summary = sides.engine()
                .parallelism(3)
                .threadNamePrefix("ferry")
                .listener(event -> {
                    threads.add(Thread.currentThread().getName());
                    if (event instanceof CopyEvent.Finished f) {
                        finished.add(f.result().task());
                    }
                })
                .run(CopyQueue.of(tasks));

        String digest = "SELECT count(*) || '/' || sum(hash_record_extended(many, 0)) FROM many";
        assertThat(target.value(digest)).isNotNull().isEqualTo(source.value(digest));
        assertThat(summary.rows()).isEqualTo(200_000);
        assertThat(finished).hasSize(20);
        assertThat(threads).containsExactlyInAnyOrder("ferry-1", "ferry-2", "ferry-3");
    }

    @Test
    void workers_without_work_end() {
        table("few", "i int");
        source.execute("INSERT INTO few VALUES (1)");

        CopySummary summary =
                sides.engine().parallelism(Sides.POOL_SIZE).run(CopyQueue.of(List.of(task("few", "TABLE few", "few"))));

        assertThat(summary.tasks()).isEqualTo(1);
        assertThat(target.count("SELECT count(*) FROM few")).isEqualTo(1);
    }

    @Test
    void an_empty_queue_is_a_run_that_did_nothing() {
        CopySummary summary = sides.engine().run(CopyQueue.of(List.of()));

        assertThat(summary.tasks()).isZero();
    }

    @Test
    void connections_go_back_to_the_pool_after_success() {
        table("again", "i int");
        CopyEngine engine = sides.engine().parallelism(2);
        engine.run(CopyQueue.of(List.of(task("again", "TABLE again", "again"))));
        List<String> first = Sides.backends(target);

        engine.run(CopyQueue.of(List.of(task("again", "TABLE again", "again"))));

        assertThat(Sides.backends(target)).containsAll(first);
    }

    private void table(String name, String columns) {
        source.execute("CREATE TABLE " + name + " (" + columns + ")");
        target.execute("CREATE TABLE " + name + " (" + columns + ")");
    }
}
