package io.hyperferry;

import io.hyperferry.testkit.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Changes by chance: the same seed gives the same changes. Consecutive seeds begin with one kind after the other. */
final class RandomChanges {
    private final long seed;
    private final Random random;
    private final List<ChangeKind> kinds;
    private int next = 500;
    private boolean begun;

    /** A change that was made, or that the database refused because of what changed before. */
    record Change(ChangeKind kind, List<String> statements, String refusal) {
        boolean made() {
            return refusal.isEmpty();
        }

        @Override
        public String toString() {
            return kind + ":\n    " + String.join(";\n    ", statements) + ";"
                    + (made() ? "" : "\n    -- the source refuses it: " + refusal);
        }
    }

    RandomChanges(long seed, boolean community) throws IOException {
        this.seed = seed;
        this.random = new Random(seed);
        this.kinds = ChangeKind.all(community);
    }

    Random random() {
        return random;
    }

    /** Makes one change after the other. */
    List<Change> make(TestDatabase source, int count) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(make(source));
        }
        return changes;
    }

    private Change make(TestDatabase source) {
        int size = kinds.size();
        ChangeKind kind = kinds.get(begun ? random.nextInt(size) : Math.floorMod(seed, size));
        // Each round through all kinds begins with the next way of each.
        int ways = kind.ways().size();
        int way = begun ? random.nextInt(ways) : Math.floorMod(seed / size, ways);
        begun = true;
        List<String> statements = statements(kind.ways().get(way));
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return new Change(kind, statements, "");
        } catch (SQLException e) {
            return new Change(kind, statements, String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private List<String> statements(List<String> way) {
        int unique = next++;
        String n = String.valueOf(1 + random.nextInt(99));
        String id = String.valueOf(1 + random.nextInt(40));
        String day = String.format(Locale.ROOT, "2026-01-%02d", 1 + random.nextInt(6));
        String far = String.format(Locale.ROOT, "2026-%02d-%02d", 2 + random.nextInt(6), 1 + random.nextInt(28));
        String digit = String.valueOf(random.nextInt(10));
        return way.stream()
                .map(sql -> sql.replace("{u}", String.valueOf(unique))
                        .replace("{n}", n)
                        .replace("{id}", id)
                        .replace("{day}", day)
                        .replace("{far}", far)
                        .replace("{d}", digit)
                        .replace("{role}", ChangingSource.ROLE))
                .toList();
    }
}
