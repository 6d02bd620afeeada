package io.hyperferry.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.internal.schema.SchemaEntry;
import io.hyperferry.internal.schema.SchemaEntry.Build;
import io.hyperferry.internal.schema.SchemaEntry.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class BuildQueueTest {
    private static final int SMALL = 1;
    private static final int LARGE = 2;

    @Test
    void the_largest_table_comes_first_and_foreign_keys_last() throws InterruptedException {
        List<SchemaEntry> entries = List.of(
                entry(1, "FK CONSTRAINT", Set.of(), SMALL, LARGE),
                entry(2, "TRIGGER", Set.of(), LARGE),
                entry(3, "INDEX", Set.of(), SMALL),
                entry(4, "CONSTRAINT", Set.of(), LARGE));

        assertThat(oneByOne(entries)).containsExactly(4, 3, 2, 1);
    }

    @Test
    void what_needs_another_comes_after_it_and_not_before_its_stage() throws InterruptedException {
        List<SchemaEntry> entries = List.of(
                entry(1, "CONSTRAINT", Set.of(), SMALL),
                entry(2, "VIEW", Set.of(1)),
                entry(3, "INDEX", Set.of(2), LARGE),
                entry(4, "INDEX", Set.of(), SMALL));

        assertThat(oneByOne(entries)).containsExactly(1, 4, 2, 3);
    }

    @Test
    void what_is_quickly_done_keeps_the_order_of_the_dump() throws InterruptedException {
        List<SchemaEntry> entries = List.of(entry(1, "TRIGGER", Set.of(), SMALL), entry(2, "TRIGGER", Set.of(), LARGE));

        assertThat(oneByOne(entries)).containsExactly(1, 2);
    }

    @Test
    void two_indexes_of_a_table_are_built_at_a_time() throws InterruptedException {
        BuildQueue queue =
                new BuildQueue(List.of(entry(1, "INDEX", Set.of(), LARGE), entry(2, "INDEX", Set.of(), LARGE)));

        assertThat(queue.take()).isPresent();
        assertThat(queue.take()).isPresent();
    }

    @Test
    void a_constraint_waits_for_the_index_of_its_table() throws Exception {
        SchemaEntry index = entry(1, "INDEX", Set.of(), LARGE);
        BuildQueue queue = new BuildQueue(List.of(index, entry(2, "CONSTRAINT", Set.of(), LARGE)));
        assertThat(queue.take()).contains(index);

        CompletableFuture<Optional<SchemaEntry>> second = taking(queue);
        assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        queue.done(index);

        assertThat(second.get(10, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void two_foreign_keys_that_share_a_table_wait_for_each_other() throws Exception {
        SchemaEntry first = entry(1, "FK CONSTRAINT", Set.of(), 30, 11);
        SchemaEntry apart = entry(2, "FK CONSTRAINT", Set.of(), 20, 21);
        SchemaEntry back = entry(3, "FK CONSTRAINT", Set.of(), 11, 30);
        BuildQueue queue = new BuildQueue(List.of(first, apart, back));
        assertThat(queue.take()).contains(first);
        assertThat(queue.take()).contains(apart);

        CompletableFuture<Optional<SchemaEntry>> third = taking(queue);
        assertThatThrownBy(() -> third.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        queue.done(first);

        assertThat(third.get(10, TimeUnit.SECONDS)).contains(back);
    }

    @Test
    void closing_lets_those_go_that_wait() throws Exception {
        BuildQueue queue = new BuildQueue(
                List.of(entry(1, "CONSTRAINT", Set.of(), LARGE), entry(2, "CONSTRAINT", Set.of(), LARGE)));
        assertThat(queue.take()).isPresent();
        CompletableFuture<Optional<SchemaEntry>> second = taking(queue);

        queue.close();

        assertThat(second.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void entries_that_need_each_other_are_an_error_and_no_deadlock() {
        BuildQueue queue = new BuildQueue(List.of(entry(1, "INDEX", Set.of(2)), entry(2, "INDEX", Set.of(1))));

        assertThatThrownBy(queue::take).isInstanceOf(IllegalStateException.class);
    }

    private static List<Integer> oneByOne(List<SchemaEntry> entries) throws InterruptedException {
        BuildQueue queue = new BuildQueue(entries);
        List<Integer> order = new ArrayList<>();
        for (Optional<SchemaEntry> next = queue.take(); next.isPresent(); next = queue.take()) {
            order.add(next.get().build().id());
            queue.done(next.get());
        }
        return order;
    }

    private static CompletableFuture<Optional<SchemaEntry>> taking(BuildQueue queue) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** An entry of tables whose ids are their sizes. */
    private static SchemaEntry entry(int id, String kind, Set<Integer> needs, Integer... tables) {
        Set<Integer> locked = Set.of(tables);
        long weight = Arrays.stream(tables).mapToLong(it -> it).max().orElse(0);
        Set<Integer> all = new HashSet<>(needs);
        all.addAll(locked.stream().map(it -> it + 1_000).toList());
        return new SchemaEntry(
                id, Section.POST_DATA, kind, "e" + id, "SELECT 1;", null, new Build(id, all, locked, weight));
    }
}
