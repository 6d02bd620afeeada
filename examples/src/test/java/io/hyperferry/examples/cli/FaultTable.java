package io.hyperferry.examples.cli;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What came of a fault matrix, fault by fault. */
final class FaultTable {
    private final Map<Fault, Row> rows = new EnumMap<>(Fault.class);

    /** How one run ended. */
    enum End {
        SAME_RUN,
        NEXT_RUN,
        STUCK
    }

    private static final class Row {
        private int runs;
        private int sameRun;
        private int nextRun;
        private int stuck;
        private long lost;
        private long doubled;
    }

    void add(Fault fault, End end, long lost, long doubled) {
        Row row = rows.computeIfAbsent(fault, it -> new Row());
        row.runs++;
        row.sameRun += end == End.SAME_RUN ? 1 : 0;
        row.nextRun += end == End.NEXT_RUN ? 1 : 0;
        row.stuck += end == End.STUCK ? 1 : 0;
        row.lost += lost;
        row.doubled += doubled;
    }

    /** Whether no row was lost or doubled, and no run was stuck. */
    boolean flawless() {
        return rows.values().stream().allMatch(it -> it.lost == 0 && it.doubled == 0 && it.stuck == 0);
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(line("fault", "runs", "same run", "next run", "lost", "doubled", "stuck"));
        Row all = new Row();
        rows.forEach((fault, row) -> {
            text.append(line(fault.name().toLowerCase(Locale.ROOT).replace('_', ' '), row));
            all.runs += row.runs;
            all.sameRun += row.sameRun;
            all.nextRun += row.nextRun;
            all.lost += row.lost;
            all.doubled += row.doubled;
            all.stuck += row.stuck;
        });
        return text.append(line("all", all)).toString();
    }

    private static String line(String name, Row row) {
        return line(name, row.runs, row.sameRun, row.nextRun, row.lost, row.doubled, row.stuck);
    }

    private static String line(Object... words) {
        return String.format(Locale.ROOT, "%-24s %6s %9s %9s %6s %8s %6s%n", words);
    }
}
