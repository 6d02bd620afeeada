package io.hyperferry;

import io.hyperferry.RepairReport.Repair;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.plan.PlanJson;
import io.hyperferry.internal.run.ReportText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a catch-up moved, pass by pass, and how source and target compare after it.
 *
 * @param source the source
 * @param target the target
 * @param startedAt when it started
 * @param elapsed how long it took
 * @param passes the passes, in their order; at least one
 * @param mismatches the ranges in which the target's rows are not the source's, human-readable; empty when nothing differs, or when the last pass
 *     still found changes and nothing was compared
 * @param differences what else of source and target differs and is not followed, each with what to do, human-readable
 * @param notices what should be known before anybody relies on the outcome, human-readable
 */
public record CatchUpReport(
        MigrationPlan.Side source,
        MigrationPlan.Side target,
        Instant startedAt,
        Duration elapsed,
        List<Pass> passes,
        List<String> mismatches,
        List<String> differences,
        List<String> notices) {
    /** How source and target compare after a catch-up. */
    public enum Outcome {
        /** The last pass found nothing changed, the target has the same rows, and nothing else differs. */
        IDENTICAL,
        /** The last pass found nothing changed, the target has the same rows, and what else differs is listed. */
        IDENTICAL_EXCEPT,
        /** The last pass still found changes, or rows of the target are not those of the source. */
        DIFFERENT
    }

    /**
     * One look at all of the source, and what was done because of it.
     *
     * @param elapsed how long it took
     * @param created the objects that were created, human-readable
     * @param moves rows that were replaced, a transaction each; their slices are positions of the plan and of what came after it
     * @param sequences the sequences that were set
     * @param chunks what was done with chunks besides, human-readable: created, compressed, decompressed, frozen
     */
    public record Pass(
            Duration elapsed,
            List<String> created,
            List<Repair> moves,
            List<QualifiedName> sequences,
            List<String> chunks) {
        public Pass {
            Objects.requireNonNull(elapsed, "elapsed");
            created = List.copyOf(created);
            moves = List.copyOf(moves);
            sequences = List.copyOf(sequences);
            chunks = List.copyOf(chunks);
        }

        /** The same pass with more objects that were created. */
        public Pass and(List<String> more) {
            return new Pass(
                    elapsed, Stream.concat(created.stream(), more.stream()).toList(), moves, sequences, chunks);
        }

        /** Whether nothing had changed on the source. */
        public boolean still() {
            return created.isEmpty() && moves.isEmpty() && sequences.isEmpty() && chunks.isEmpty();
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
        mismatches = List.copyOf(mismatches);
        differences = List.copyOf(differences);
        notices = List.copyOf(notices);
    }

    /** Whether the last pass found nothing changed on the source. */
    public boolean still() {
        return passes.get(passes.size() - 1).still();
    }

    /** How source and target compare. */
    public Outcome outcome() {
        if (!still() || !mismatches.isEmpty()) {
            return Outcome.DIFFERENT;
        }
        return differences.isEmpty() ? Outcome.IDENTICAL : Outcome.IDENTICAL_EXCEPT;
    }

    /** The outcome in a few words. */
    public String title() {
        return switch (outcome()) {
            case IDENTICAL -> "Caught up";
            case IDENTICAL_EXCEPT -> "Caught up, except for what is listed";
            case DIFFERENT -> "Not caught up";
        };
    }

    /** The report as a page that one reads. */
    public String toText() {
        return ReportText.of(this);
    }

    /** What differs and is not followed, as it is at the end of {@link #toText}; empty when nothing does. */
    public String differencesText() {
        return ReportText.ofDifferences(this);
    }

    /** The report as JSON, with {@code version}, {@code still}, {@code title} and {@code outcome} at its head. */
    public String toJson() {
        return PlanJson.write(this);
    }
}
