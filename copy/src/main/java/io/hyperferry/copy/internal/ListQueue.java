package io.hyperferry.copy.internal;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyTask;
import java.sql.Connection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A queue in memory. */
public final class ListQueue implements CopyQueue {

    private final Deque<CopyTask> tasks;

    public ListQueue(List<CopyTask> tasks) {
        this.tasks = new ConcurrentLinkedDeque<>(requireNonNull(tasks, "tasks"));
    }

    @Override
    public Optional<CopyClaim> claim(Connection target) {
        return claim();
    }

    @Override
    public Optional<CopyClaim> claim() {
        return Optional.ofNullable(tasks.poll()).map(task -> () -> task);
    }

    @Override
    public boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
        // Nothing here could tell whether the rows are there.
        return !mayBeCommitted && tasks.offerFirst(claim.task());
    }
}
