package io.hyperferry.examples.bench;

import io.hyperferry.examples.bench.Phase.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a relay told of itself.
 *
 * @param phases its phases, in order
 * @param seconds from its beginning to its last mark
 * @param cpuSeconds processor time of the relay from its very beginning to its last mark
 * @param kilobytes the greatest amount of each kind of memory that it named
 */
record RelayLog(List<Phase> phases, double seconds, double cpuSeconds, Map<String, Long> kilobytes) {
    private static final Pattern MARK = Pattern.compile("mark ([A-Z]+) ([0-9.]+) (.*)");
    private static final Pattern MEMORY = Pattern.compile("memory ([a-z-]+) ([0-9]+)");
    private static final Pattern TIMES = Pattern.compile("([0-9]+m[0-9.]+s *)+");
    private static final Pattern TIME = Pattern.compile("([0-9]+)m([0-9.]+)s");

    RelayLog {
        phases = List.copyOf(phases);
        kilobytes = Map.copyOf(kilobytes);
    }

    /**
     * Reads it. A mark ends a phase: {@code mark KIND SECONDS TITLE}, where the seconds count from any moment, and in the next lines
     * processor times as the shell's {@code times} writes them, {@code 0m1.230s}; all of a mark's are added up, and count from the relay's
     * beginning. {@code mark START} is where the first phase begins. Memory is {@code memory KIND KILOBYTES}; other lines are for people.
     *
     * @throws IllegalArgumentException when there is no mark
     */
    static RelayLog parse(List<String> lines) {
        List<Mark> marks = new ArrayList<>();
        Map<String, Long> kilobytes = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher mark = MARK.matcher(line);
            Matcher memory = MEMORY.matcher(line);
            if (mark.matches()) {
                marks.add(new Mark(mark.group(1), mark.group(3), Double.parseDouble(mark.group(2)), 0));
            } else if (memory.matches()) {
                kilobytes.merge(memory.group(1), Long.parseLong(memory.group(2)), Math::max);
            } else if (!marks.isEmpty()) {
                marks.add(marks.remove(marks.size() - 1).plus(cpu(line)));
            }
        }
        if (marks.isEmpty()) {
            throw new IllegalArgumentException("the relay left no mark: " + lines);
        }
        List<Phase> phases = new ArrayList<>();
        for (int i = 1; i < marks.size(); i++) {
            Mark before = marks.get(i - 1);
            Mark here = marks.get(i);
            phases.add(new Phase(
                    Kind.valueOf(here.kind), here.title, here.seconds - before.seconds, here.cpu - before.cpu));
        }
        Mark last = marks.get(marks.size() - 1);
        return new RelayLog(phases, last.seconds - marks.get(0).seconds, last.cpu, kilobytes);
    }

    private static double cpu(String line) {
        double seconds = 0;
        if (!TIMES.matcher(line).matches()) {
            return seconds;
        }
        Matcher time = TIME.matcher(line);
        while (time.find()) {
            seconds += 60 * Double.parseDouble(time.group(1)) + Double.parseDouble(time.group(2));
        }
        return seconds;
    }

    /** Memory of a kind, in kilobytes, or 0 when it was not named. */
    long kilobytes(String kind) {
        return kilobytes.getOrDefault(kind, 0L);
    }

    private record Mark(String kind, String title, double seconds, double cpu) {
        Mark plus(double more) {
            return new Mark(kind, title, seconds, cpu + more);
        }
    }
}
