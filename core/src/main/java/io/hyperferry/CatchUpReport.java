package io.hyperferry;

import io.hyperferry.RepairReport.Repair;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.plan.PlanJson;
import io.hyperferry.internal.run.ReportText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a catch-up moved, pass by pass.
 *
 * @param source the source
 * @param target the target
 * @param startedAt when it started
 * @param elapsed how long it took
 * @param passes the passes, in their order; at least one
 * @param notices what was not caught up, or should be known before anybody relies on it, for people
 */
public record CatchUpReport(
        MigrationPlan.Side source,
        MigrationPlan.Side target,
        Instant startedAt,
        Duration elapsed,
        List<Pass> passes,
        List<String> notices) {
    /**
     * One look at all of the source, and what was moved because of it.
     *
     * @param elapsed how long it took
     * @param moves rows that were replaced, a transaction each; their slices are positions of the plan and of what came after it
     * @param sequences the sequences that were set
     * @param chunks what was done with chunks besides, for people: created, compressed, decompressed, frozen
     */
    public record Pass(Duration elapsed, List<Repair> moves, List<QualifiedName> sequences, List<String> chunks) {
        public Pass {
            Objects.requireNonNull(elapsed, "elapsed");
            moves = List.copyOf(moves);
            sequences = List.copyOf(sequences);
            chunks = List.copyOf(chunks);
        }

        /** Whether nothing had changed on the source. */
        public boolean still() {
            return moves.isEmpty() && sequences.isEmpty() && chunks.isEmpty();
        }

        /** The rows that were removed from the target. */
        public long deleted() {
            return moves.stream().mapToLong(Repair::deleted).sum();
        }

        /** The rows that were copied from the source. */
        public long copied() {
            return moves.stream().mapToLong(Repair::copied).sum();
        }
    }

    public CatchUpReport {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(elapsed, "elapsed");
        passes = List.copyOf(passes);
        notices = List.copyOf(notices);
    }

    /** Whether the last pass found nothing changed: the target has what the source had while that pass looked at it. */
    public boolean still() {
        return passes.get(passes.size() - 1).still();
    }

    /** The report as a page that one reads. */
    public String toText() {
        return ReportText.of(this);
    }

    /** The report as JSON, with {@code version} and {@code still} at its head. */
    public String toJson() {
        return PlanJson.write(this);
    }
}
