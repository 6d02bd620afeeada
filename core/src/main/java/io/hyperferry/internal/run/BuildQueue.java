package io.hyperferry.internal.run;

import io.hyperferry.internal.schema.SchemaEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the entries of the schema that come after the rows, so that many can be restored at a time: indexes and constraints first, the
 * largest table's first; then what is quickly done, one by one; foreign keys last. An entry waits for those that it needs, and for
 * those that hold a lock on a table of its own which both cannot have. Thread-safe.
 */
final class BuildQueue {
    private static final Comparator<Item> ORDER = Comparator.comparing(Item::stage)
            .thenComparing(Item::weight, Comparator.reverseOrder())
            .thenComparing(item -> item.entry().position());

    private final List<Item> waiting;
    private final Set<Item> running = new HashSet<>();
    private boolean closed;

    /** Entries of a stage are restored before those of the next begin. */
    private enum Stage {
        /** Indexes and constraints, which take long: many at a time. */
        BUILD,
        /** Everything else, which does not: one at a time, in pg_dump's order. */
        REST,
        /** Foreign keys: many at a time, as long as they share no table. */
        FOREIGN_KEYS
    }

    private record Item(SchemaEntry entry, Stage stage) {
        boolean conflictsWith(Item other) {
            return stage == Stage.REST
                    || (!(isIndex() && other.isIndex())
                            && entry.build().tables().stream()
                                    .anyMatch(other.entry.build().tables()::contains));
        }

        /** What is quickly done keeps the order of the dump, in which a partition's trigger comes after its parent's. */
        long weight() {
            return stage == Stage.REST ? 0 : entry.build().weight();
        }

        /** CREATE INDEX shares its table with others of its kind. */
        private boolean isIndex() {
            return entry.kind().equals("INDEX");
        }
    }

    /**
     * A queue of these entries.
     *
     * @param entries those that are not restored yet, in the order of restoring
     */
    BuildQueue(List<SchemaEntry> entries) {
        Map<Integer, Stage> stages = new HashMap<>();
        waiting = new ArrayList<>();
        for (SchemaEntry entry : entries) {
            Stage stage = stageOf(entry.kind());
            for (int needed : entry.build().needs()) {
                @Nullable Stage before = stages.get(needed);
                if (before != null && before.compareTo(stage) > 0) {
                    stage = before;
                }
            }
            stages.put(entry.build().id(), stage);
            waiting.add(new Item(entry, stage));
        }
        waiting.sort(ORDER);
    }

    private static Stage stageOf(String kind) {
        return switch (kind) {
            case "INDEX", "CONSTRAINT", "CHECK CONSTRAINT", "STATISTICS" -> Stage.BUILD;
            case "FK CONSTRAINT" -> Stage.FOREIGN_KEYS;
            default -> Stage.REST;
        };
    }

    /**
     * The next entry to restore; waits while every one of them has to wait for another.
     *
     * @return nothing when all are handed out, or the queue is closed
     */
    synchronized Optional<SchemaEntry> take() throws InterruptedException {
        while (!closed && !waiting.isEmpty()) {
            for (Item item : waiting) {
                if (isReady(item)) {
                    waiting.remove(item);
                    running.add(item);
                    return Optional.of(item.entry());
                }
            }
            if (running.isEmpty()) {
                throw new IllegalStateException("entries of the schema need each other: "
                        + waiting.stream().map(it -> it.entry().title()).toList());
            }
            wait();
        }
        return Optional.empty();
    }

    private boolean isReady(Item item) {
        Set<Integer> needs = item.entry().build().needs();
        return item.stage() == waiting.get(0).stage()
                && running.stream().allMatch(it -> it.stage() == item.stage() && !item.conflictsWith(it))
                && waiting.stream()
                        .noneMatch(it -> needs.contains(it.entry().build().id()))
                && running.stream()
                        .noneMatch(it -> needs.contains(it.entry().build().id()));
    }

    /** Says that an entry is restored. */
    synchronized void done(SchemaEntry entry) {
        running.removeIf(it -> it.entry().equals(entry));
        notifyAll();
    }

    /** Hands out nothing more, and lets those go that wait. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
