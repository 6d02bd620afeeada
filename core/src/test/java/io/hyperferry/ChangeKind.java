package io.hyperferry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A kind of change of a database that {@link ChangingSource} made, from {@code random-changes.sql}.
 *
 * @param name its name
 * @param ofRows whether it changes rows and chunks alone, which is always followed
 * @param community whether it needs the Community edition
 * @param ways the ways of making it: statements with placeholders each
 */
record ChangeKind(String name, boolean ofRows, boolean community, List<List<String>> ways) {
    ChangeKind {
        ways = List.copyOf(ways);
    }

    /** The kinds that servers of an edition understand. */
    static List<ChangeKind> all(boolean community) throws IOException {
        try (InputStream script = ChangeKind.class.getResourceAsStream("random-changes.sql")) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n-- (?=[A-Z_]+(?: \\(.*\\))?\n)"))
                    .skip(1)
                    .map(ChangeKind::of)
                    .filter(kind -> community || !kind.community())
                    .toList();
        }
    }

    private static ChangeKind of(String section) {
        int end = section.indexOf('\n');
        String head = section.substring(0, end);
        List<List<String>> ways = Arrays.stream(section.substring(end).strip().split("\n\n"))
                .map(paragraph -> Arrays.asList(paragraph.split(";(\n|$)")))
                .toList();
        return new ChangeKind(head.replaceFirst(" .*", ""), head.contains("rows"), head.contains("community"), ways);
    }

    @Override
    public String toString() {
        return name;
    }
}
