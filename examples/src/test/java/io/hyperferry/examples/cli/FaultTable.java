package io.hyperferry.examples.cli;

import io.hyperferry.examples.cli.FaultMatrixIT.Phase;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What came of a fault matrix, fault by fault and phase by phase. */
final class FaultTable {
    private final Map<Fault, Row> rows = new EnumMap<>(Fault.class);

    /** How one run ended. */
    enum End {
        /** It got over the fault by itself. */
        SAME_RUN,
        /** It ended, and the next one went on. */
        NEXT_RUN,
        STUCK
    }

    private static final class Row {
        private final Map<Phase, Map<End, Integer>> ends = new EnumMap<>(Phase.class);
        private long lost;
        private long doubled;

        void add(Phase phase, End end, int runs) {
            ends.computeIfAbsent(phase, it -> new EnumMap<>(End.class)).merge(end, runs, Integer::sum);
        }

        void add(Row other) {
            other.ends.forEach((phase, counts) -> counts.forEach((end, runs) -> add(phase, end, runs)));
            lost += other.lost;
            doubled += other.doubled;
        }

        int count(Phase phase, End end) {
            return ends.getOrDefault(phase, Map.of()).getOrDefault(end, 0);
        }

        int count(End end) {
            return Stream.of(Phase.values()).mapToInt(it -> count(it, end)).sum();
        }

        /** How many runs got over it, and after a plus sign how many took another. */
        String cell(Phase phase) {
            int same = count(phase, End.SAME_RUN);
            int next = count(phase, End.NEXT_RUN) + count(phase, End.STUCK);
            return same + next == 0 ? "-" : same + (next == 0 ? "" : "+" + next);
        }
    }

    void add(Fault fault, Phase phase, End end, long lost, long doubled) {
        Row row = rows.computeIfAbsent(fault, it -> new Row());
        row.add(phase, end, 1);
        row.lost += lost;
        row.doubled += doubled;
    }

    /** Whether no row was lost or doubled, and no run was stuck. */
    boolean flawless() {
        return rows.values().stream().allMatch(it -> it.lost == 0 && it.doubled == 0 && it.count(End.STUCK) == 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("How many runs got over the fault, + how many took another run.\n\n");
        text.append(line(
                "fault",
                Stream.concat(
                        Stream.of(Phase.values()).map(FaultTable::words), Stream.of("lost", "doubled", "stuck"))));
        Row all = new Row();
        rows.forEach((fault, row) -> {
            text.append(line(words(fault), row));
            all.add(row);
        });
        return text.append(line("all", all))
                .append(all.count(End.SAME_RUN) + all.count(End.NEXT_RUN) + all.count(End.STUCK))
                .append(" runs: ")
                .append(all.count(End.SAME_RUN))
                .append(" got over it, ")
                .append(all.count(End.NEXT_RUN))
                .append(" took another run; lost ")
                .append(all.lost)
                .append(", doubled ")
                .append(all.doubled)
                .append(", stuck ")
                .append(all.count(End.STUCK))
                .append('\n')
                .toString();
    }

    private static String words(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String line(String name, Row row) {
        return line(
                name,
                Stream.concat(
                        Stream.of(Phase.values()).map(row::cell),
                        Stream.of(row.lost, row.doubled, (long) row.count(End.STUCK))
                                .map(String::valueOf)));
    }

    private static String line(String name, Stream<String> words) {
        return String.format(Locale.ROOT, "%-24s", name)
                + words.map(it -> String.format(Locale.ROOT, " %13s", it)).collect(Collectors.joining())
                + '\n';
    }
}
