package io.hyperferry.internal.run;

import io.hyperferry.MigrationPlan;
import io.hyperferry.internal.schema.SchemaEntry;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Describes the entries of a dump that are skipped because of what they need; only the dump knows all of them. */
final class SkippedEntries {
    private static final Pattern FOREIGN_KEY =
            Pattern.compile("foreign key (?<name>.*) on (?<table>.*): references .*", Pattern.DOTALL);

    private SkippedEntries() {}

    /** The entries that the plan does not list by itself, each with its reason. */
    static List<String> lines(MigrationPlan plan, List<SchemaEntry> entries) {
        Set<String> relations =
                plan.leftOut().stream().map(left -> left.relation().toString()).collect(Collectors.toSet());
        Set<String> listed = plan.dependentsLeftOut().stream()
                .map(FOREIGN_KEY::matcher)
                .filter(Matcher::matches)
                .map(key -> SchemaEntry.foreignKey(key.group("table"), key.group("name")))
                .collect(Collectors.toSet());
        return entries.stream()
                .filter(entry -> entry.isSkippedDependent(relations))
                .filter(entry -> !entry.kind().equals("FK CONSTRAINT") || !listed.contains(entry.name()))
                .map(entry -> entry.title() + ": " + entry.leftOut())
                .toList();
    }
}
