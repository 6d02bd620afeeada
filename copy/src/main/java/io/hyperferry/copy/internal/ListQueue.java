package io.hyperferry.copy.internal;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyTask;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue in memory. */
public final class ListQueue implements CopyQueue {

    private final List<CopyTask> tasks;
    private final AtomicInteger next = new AtomicInteger();

    public ListQueue(List<CopyTask> tasks) {
        this.tasks = List.copyOf(requireNonNull(tasks, "tasks"));
    }

    @Override
    public Optional<CopyClaim> claim(Connection target) {
        int index = next.getAndUpdate(i -> Math.min(i + 1, tasks.size()));
        if (index == tasks.size()) {
            return Optional.empty();
        }
        CopyTask task = tasks.get(index);
        return Optional.of(() -> task);
    }
}
