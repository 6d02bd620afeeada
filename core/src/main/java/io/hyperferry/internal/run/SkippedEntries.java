package io.hyperferry.internal.run;

import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.internal.plan.Filters;
import io.hyperferry.internal.schema.ObjectPattern;
import io.hyperferry.internal.schema.SchemaEntry;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** What the patterns of objects select wrongly: nothing, or what a table needs that is migrated. */
    static List<Problem> problems(MigrationPlan plan, List<SchemaEntry> entries) {
        List<ObjectPattern> patterns = ObjectPattern.in(plan.options().exclude());
        Set<String> relations =
                plan.leftOut().stream().map(left -> left.relation().toString()).collect(Collectors.toSet());
        return Stream.concat(
                        patterns.stream()
                                .filter(pattern ->
                                        !pattern.namesJobs() && entries.stream().noneMatch(pattern::matches))
                                .map(pattern -> Filters.unmatched(pattern.pattern())),
                        entries.stream()
                                .filter(entry ->
                                        entry.isTable() && entry.isSkipped() && !relations.contains(entry.name()))
                                .map(entry -> Problem.blocking(
                                        Problem.Code.EXCLUDE_INCOMPLETE,
                                        entry.name(),
                                        "the table would be skipped, although no pattern excludes it: it "
                                                + entry.leftOut() + ".",
                                        "Exclude the table as well: "
                                                + Filters.options("--exclude", List.of(entry.name())) + ".")))
                .toList();
    }
}
