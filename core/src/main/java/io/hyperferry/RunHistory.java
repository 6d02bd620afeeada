package io.hyperferry;

import io.hyperferry.catalog.QualifiedName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When a run did what, over all the processes that it took, as its ledger has it. All times are those of the target's clock. However many
 * slices there were, it stays small: of many, those that a worker copied one after the other are drawn together.
 *
 * @param options the options that the run was planned with
 * @param attempts the processes that worked on it, in their order
 * @param steps when each step was done, in the order of the plan; a step that several processes worked on has the time of the one that ended it
 * @param workers what each worker did
 * @param throughput what was committed in each stretch of time in which anything was; nothing is said of the time between
 * @param tables what the ledger has of each table
 */
public record RunHistory(
        PlanOptions options,
        List<Attempt> attempts,
        List<StepSpan> steps,
        List<Worker> workers,
        List<Rate> throughput,
        List<TableHistory> tables) {
    public RunHistory {
        Objects.requireNonNull(options, "options");
        attempts = List.copyOf(attempts);
        steps = List.copyOf(steps);
        workers = List.copyOf(workers);
        throughput = List.copyOf(throughput);
        tables = List.copyOf(tables);
    }

    /**
     * A process that worked on the run.
     *
     * @param number its number, from 1
     * @param startedAt when it began
     * @param parallelism how many workers it began with
     */
    public record Attempt(int number, Instant startedAt, int parallelism) {
        public Attempt {
            Objects.requireNonNull(startedAt, "startedAt");
        }
    }

    /**
     * The time of a step.
     *
     * @param number its number in the plan, from 1
     * @param title what it does
     * @param attempt the attempt that ended it
     * @param from when that attempt began it
     * @param to when it was done
     */
    public record StepSpan(int number, String title, int attempt, Instant from, Instant to) {
        public StepSpan {
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }

        /** How long it took. */
        public Duration elapsed() {
            return Duration.between(from, to);
        }
    }

    /**
     * A worker.
     *
     * @param attempt the attempt that it belonged to
     * @param name its name in that process
     * @param spans what it did, in order
     */
    public record Worker(int attempt, String name, List<Span> spans) {
        public Worker {
            Objects.requireNonNull(name, "name");
            spans = List.copyOf(spans);
        }
    }

    /** What a worker did. */
    public enum Work {
        /** It copied slices. */
        COPY,
        /** It compressed chunks. */
        COMPRESS
    }

    /**
     * A stretch of a worker's time.
     *
     * @param work what it did
     * @param table the table that it worked on, or null when there were several
     * @param from when it claimed the first piece of it
     * @param to when it committed the last one
     * @param pieces how many slices it copied, or chunks it compressed
     * @param rows the rows of those slices
     * @param bytes the bytes of COPY data of those slices
     */
    public record Span(
            Work work, @Nullable String table, Instant from, Instant to, long pieces, long rows, long bytes) {
        public Span {
            Objects.requireNonNull(work, "work");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /**
     * How much was copied in a stretch of time; a slice counts evenly over the time that it took.
     *
     * @param from its beginning
     * @param to its end
     * @param rows the rows
     * @param bytes the bytes of COPY data
     */
    public record Rate(Instant from, Instant to, long rows, long bytes) {
        public Rate {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }

        /** Bytes a second. */
        public double bytesPerSecond() {
            return bytes * 1e9 / Math.max(1, Duration.between(from, to).toNanos());
        }
    }

    /**
     * What the ledger has of a table.
     *
     * @param table its name
     * @param modes how its slices travelled, and how many each way, by the names of {@link Slice.Mode}
     * @param digest the sum of its slices' digests on the source, or null when only rows were counted
     * @param from when its first slice was claimed
     * @param to when its last slice was committed
     */
    public record TableHistory(
            QualifiedName table,
            Map<String, Long> modes,
            @Nullable String digest,
            Instant from,
            Instant to) {
        public TableHistory {
            Objects.requireNonNull(table, "table");
            modes = Collections.unmodifiableMap(new TreeMap<>(modes));
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }
}
