package io.hyperferry.internal.report;

import io.hyperferry.MigrationPlan;
import io.hyperferry.RunHistory;
import io.hyperferry.RunHistory.Attempt;
import io.hyperferry.RunHistory.Rate;
import io.hyperferry.RunHistory.Span;
import io.hyperferry.RunHistory.StepSpan;
import io.hyperferry.RunHistory.TableHistory;
import io.hyperferry.RunHistory.Work;
import io.hyperferry.RunHistory.Worker;
import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.Verification;
import io.hyperferry.internal.ledger.Doer;
import io.hyperferry.internal.ledger.HistoryQueries;
import io.hyperferry.internal.ledger.HistoryQueries.PieceTime;
import io.hyperferry.internal.ledger.HistoryQueries.StepTime;
import io.hyperferry.internal.ledger.HistoryQueries.TableTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The history of a run from its ledger, with so many pieces that a page can show them. */
public final class Histories {
    /** As long as there are no more pieces than this, each is told by itself. */
    static final int SHOWN_ONE_BY_ONE = 1_500;

    /** Else the time in which anything was done is told in so many parts. */
    static final int PARTS = 300;

    private static final int RATES = 150;

    private Histories() {}

    /**
     * The history of a run.
     *
     * @param verify the number of the step that compares both sides, which its ledger has not, when they are not identical
     * @param verifying how long that took until now
     */
    public static RunHistory of(Connection ledger, MigrationPlan plan, int attempt, int verify, Duration verifying)
            throws SQLException {
        List<PieceTime> pieces = HistoryQueries.pieces(ledger);
        return new RunHistory(
                plan.options(),
                HistoryQueries.attempts(ledger).stream()
                        .map(it -> new Attempt(it.number(), instant(it.startedAt()), it.parallelism()))
                        .toList(),
                steps(ledger, plan, attempt, verify, verifying),
                workers(pieces),
                throughput(pieces),
                tables(HistoryQueries.tables(ledger), plan));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static List<StepSpan> steps(
            Connection ledger, MigrationPlan plan, int attempt, int verify, Duration verifying) throws SQLException {
        List<StepSpan> steps = new ArrayList<>();
        for (StepTime step : HistoryQueries.steps(ledger)) {
            steps.add(new StepSpan(
                    step.position(), step.title(), step.attempt(), instant(step.from()), instant(step.to())));
        }
        if (verify > 0 && steps.stream().noneMatch(it -> it.number() == verify)) {
            Instant now = instant(HistoryQueries.now(ledger));
            steps.add(new StepSpan(verify, plan.steps().get(verify - 1).title(), attempt, now.minus(verifying), now));
            steps.sort(Comparator.comparingInt(StepSpan::number));
        }
        return steps;
    }

    /** What each worker did: pieces that lie side by side are taken together when there are too many. */
    static List<Worker> workers(List<PieceTime> pieces) {
        long together =
                pieces.size() <= SHOWN_ONE_BY_ONE ? 0 : TimeScale.of(pieces).busy() / PARTS;
        Map<Doer, List<Stretch>> lanes = new LinkedHashMap<>();
        for (PieceTime piece : pieces) {
            List<Stretch> lane =
                    lanes.computeIfAbsent(new Doer(piece.attempt(), piece.worker()), key -> new ArrayList<>());
            @Nullable Stretch last = lane.isEmpty() ? null : lane.get(lane.size() - 1);
            if (last == null || !last.takes(piece, together)) {
                lane.add(new Stretch(piece));
            }
        }
        return lanes.entrySet().stream()
                .sorted(Comparator.<Map.Entry<Doer, List<Stretch>>>comparingInt(
                                it -> it.getKey().attempt())
                        .thenComparingInt(it -> it.getKey().worker().length())
                        .thenComparing(it -> it.getKey().worker()))
                .map(it -> new Worker(
                        it.getKey().attempt(),
                        it.getKey().worker(),
                        it.getValue().stream().map(Stretch::span).toList()))
                .toList();
    }

    /** A span that still grows. */
    private static final class Stretch {
        private Work work;
        private @Nullable String table;
        private final long from;
        private long to;
        private long pieces;
        private long rows;
        private long bytes;

        Stretch(PieceTime first) {
            work = work(first);
            table = first.relation();
            from = first.from();
            to = from;
            add(first);
        }

        private static Work work(PieceTime piece) {
            return piece.compression() ? Work.COMPRESS : Work.COPY;
        }

        boolean takes(PieceTime piece, long together) {
            if (piece.to() - from > together) {
                return false;
            }
            if (work(piece) == Work.COPY) {
                work = Work.COPY;
            }
            if (!Objects.equals(table, piece.relation())) {
                table = null;
            }
            add(piece);
            return true;
        }

        private void add(PieceTime piece) {
            to = Math.max(to, piece.to());
            pieces++;
            rows += piece.rows();
            bytes += piece.bytes();
        }

        Span span() {
            return new Span(work, table, instant(from), instant(to), pieces, rows, bytes);
        }
    }

    /** How much was copied when, over the time in which anything was. */
    static List<Rate> throughput(List<PieceTime> pieces) {
        List<PieceTime> copied = pieces.stream().filter(it -> !it.compression()).toList();
        TimeScale scale = TimeScale.of(copied);
        List<Rate> rates = new ArrayList<>();
        for (TimeScale.Stretch stretch : scale.stretches()) {
            long length = Math.max(1, stretch.to() - stretch.from());
            int parts = (int) Math.max(1, Math.round(RATES * (double) length / Math.max(1, scale.busy())));
            double[] rows = new double[parts];
            double[] bytes = new double[parts];
            double width = length / (double) parts;
            for (PieceTime piece : copied) {
                if (piece.from() >= stretch.from() && piece.to() <= stretch.to()) {
                    spread(
                            piece,
                            (piece.from() - stretch.from()) / width,
                            (piece.to() - stretch.from()) / width,
                            rows,
                            bytes);
                }
            }
            for (int part = 0; part < parts; part++) {
                rates.add(new Rate(
                        instant(stretch.from() + Math.round(part * width)),
                        instant(stretch.from() + Math.round((part + 1) * width)),
                        Math.round(rows[part]),
                        Math.round(bytes[part])));
            }
        }
        return rates;
    }

    /** Spreads what was copied evenly over the parts in which it was. */
    private static void spread(PieceTime piece, double from, double to, double[] rows, double[] bytes) {
        int first = Math.min(rows.length - 1, (int) from);
        int last = Math.min(rows.length - 1, (int) to);
        for (int part = first; part <= last; part++) {
            double end = part == last ? to : part + 1.0;
            double share = first == last ? 1 : (end - Math.max(from, part)) / (to - from);
            rows[part] += share * piece.rows();
            bytes[part] += share * piece.bytes();
        }
    }

    private static List<TableHistory> tables(List<TableTime> times, MigrationPlan plan) {
        Map<String, TableTime> byName = new HashMap<>();
        times.forEach(it -> byName.put(it.relation(), it));
        List<TableHistory> tables = new ArrayList<>();
        for (TableData table : plan.tables()) {
            @Nullable TableTime time = byName.get(table.table().toString());
            if (time != null) {
                tables.add(new TableHistory(
                        table.table(),
                        modes(table, time.asTuples()),
                        plan.options().verification() == Verification.COUNTS || time.digest() == null
                                ? null
                                : time.digest().toPlainString(),
                        instant(time.from()),
                        instant(time.to())));
            }
        }
        return tables;
    }

    /** Those of the plan; chunks whose compressed tuples could not travel went as rows. */
    private static Map<String, Long> modes(TableData table, long asTuples) {
        Map<String, Long> modes = new HashMap<>();
        table.slices().forEach(it -> modes.merge(it.mode().name(), 1L, Long::sum));
        @Nullable Long meant = modes.remove(Slice.Mode.COMPRESSED.name());
        if (meant != null) {
            modes.merge(Slice.Mode.ROWS.name(), meant - asTuples, Long::sum);
            modes.put(Slice.Mode.COMPRESSED.name(), asTuples);
        }
        modes.values().removeIf(it -> it == 0);
        return modes;
    }
}
