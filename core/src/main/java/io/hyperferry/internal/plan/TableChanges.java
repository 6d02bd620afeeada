package io.hyperferry.internal.plan;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.Problem;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what keeps rows of the source from fitting into the target's tables as they are: columns, constraints, types and aggregates that differ. Each
 * is a problem with the statements that mend it on the target. Pure functions.
 */
public final class TableChanges {
    private static final Pattern UNIQUE =
            Pattern.compile("CREATE UNIQUE INDEX (?:\"(?:[^\"]|\"\")*\"|\\S+) (?<rest>.*)");
    private static final Pattern LITERAL = Pattern.compile("E?'(?:[^']|'')*'");

    private final DatabaseCatalog source;
    private final DatabaseCatalog target;
    private final Set<QualifiedName> tables;
    private final List<Problem> problems = new ArrayList<>();

    private TableChanges(DatabaseCatalog source, DatabaseCatalog target, Set<QualifiedName> tables) {
        this.source = source;
        this.target = target;
        this.tables = tables;
    }

    /**
     * Finds the problems.
     *
     * @param source the source's catalog, as far as it is migrated
     * @param tables the tables whose rows are moved; what the target lacks of them is not looked at
     * @param differences how the structure of both sides differs
     */
    public static List<Problem> problems(
            DatabaseCatalog source, DatabaseCatalog target, List<TableData> tables, List<Difference> differences) {
        TableChanges changes = new TableChanges(
                source,
                target,
                tables.stream()
                        .map(TableData::table)
                        .filter(name -> target.table(name).isPresent()
                                || target.aggregate(name).isPresent())
                        .collect(toSet()));
        Stream.of(
                        source.tables().stream().map(Table::name),
                        source.aggregates().stream().map(aggregate -> aggregate.name()))
                .flatMap(names -> names)
                .filter(changes.tables::contains)
                .forEach(changes::table);
        differences.forEach(changes::difference);
        return List.copyOf(changes.problems);
    }

    private void table(QualifiedName name) {
        Optional<Table> ours = source.table(name);
        Optional<Table> theirs = target.table(name);
        if (ours.isEmpty() && theirs.isEmpty()) {
            return;
        }
        if (ours.isEmpty()
                || theirs.isEmpty()
                || ours.get().kind() != theirs.get().kind()) {
            add(
                    name,
                    "it is " + kind(ours) + " on the source and " + kind(theirs) + " on the target",
                    "Drop it on the target: " + drop(theirs, name) + " The next catch-up creates and copies it again.");
            return;
        }
        columns(name, ours.get().columns(), theirs.get().columns());
        dimensions(name);
        constraints(name);
        uniqueIndexes(name);
    }

    private static String kind(Optional<Table> table) {
        return table.map(found -> switch (found.kind()) {
                    case PLAIN -> "a plain table";
                    case PARTITIONED -> "a partitioned table";
                    case FOREIGN -> "a foreign table";
                    case HYPERTABLE -> "a hypertable";
                })
                .orElse("a view");
    }

    private static String drop(Optional<Table> table, QualifiedName name) {
        return table.isPresent() ? "DROP TABLE " + quote(name) + ";" : "DROP MATERIALIZED VIEW " + quote(name) + ";";
    }

    private void columns(QualifiedName table, List<Column> ours, List<Column> theirs) {
        Map<String, Column> others = theirs.stream().collect(toMap(Column::name, column -> column));
        for (Column column : ours) {
            Column other = others.remove(column.name());
            if (other == null) {
                column(
                        table,
                        "the target's table has no column " + column.name(),
                        "ADD COLUMN " + quote(column.name()) + " " + column.type()
                                + (column.generated() ? " GENERATED ALWAYS AS (…) STORED" : ""));
                continue;
            }
            if (!column.type().equals(other.type())) {
                column(
                        table,
                        "column " + column.name() + " has the type " + column.type() + " on the source and "
                                + other.type() + " on the target",
                        "ALTER COLUMN " + quote(column.name()) + " TYPE " + column.type());
            }
            if (column.generated() != other.generated()) {
                column(
                        table,
                        "column " + column.name() + " is generated on "
                                + (column.generated() ? "the source" : "the target") + " alone",
                        other.generated()
                                ? "ALTER COLUMN " + quote(column.name()) + " DROP EXPRESSION"
                                : "DROP COLUMN " + quote(column.name()) + ", ADD COLUMN " + quote(column.name()) + " "
                                        + column.type() + " GENERATED ALWAYS AS (…) STORED");
            }
            if (other.notNull() && !column.notNull()) {
                column(
                        table,
                        "column " + column.name() + " is NOT NULL on the target alone",
                        "ALTER COLUMN " + quote(column.name()) + " DROP NOT NULL");
            }
        }
        others.keySet()
                .forEach(name ->
                        column(table, "the source's table has no column " + name, "DROP COLUMN " + quote(name)));
    }

    private void column(QualifiedName table, String what, String action) {
        add(
                table,
                what,
                "Run on the target: ALTER TABLE " + quote(table) + " " + action + "; then run this command again.");
    }

    private void dimensions(QualifiedName table) {
        List<String> ours =
                source.hypertable(table).map(TableChanges::dimensions).orElse(List.of());
        List<String> theirs =
                target.hypertable(table).map(TableChanges::dimensions).orElse(List.of());
        if (!ours.equals(theirs)) {
            add(
                    table,
                    "it is partitioned by " + String.join(", ", ours) + " on the source and by "
                            + String.join(", ", theirs) + " on the target",
                    "Drop it on the target: DROP TABLE " + quote(table)
                            + "; The next catch-up creates and copies it again.");
        }
    }

    private static List<String> dimensions(Hypertable hypertable) {
        return hypertable.dimensions().stream().map(Dimension::column).toList();
    }

    /** Foreign keys are not checked while rows are replaced. */
    private void constraints(QualifiedName table) {
        Set<String> ours =
                on(source.constraints(), table).map(Constraint::definition).collect(toSet());
        on(target.constraints(), table)
                .filter(constraint -> constraint.references() == null && !ours.contains(constraint.definition()))
                .forEach(constraint -> add(
                        table,
                        "the target has a constraint that the source does not have: " + constraint.name() + ", "
                                + constraint.definition(),
                        "Run on the target: ALTER TABLE " + quote(table) + " DROP CONSTRAINT "
                                + quote(constraint.name()) + "; then run this command again."));
    }

    private static Stream<Constraint> on(List<Constraint> constraints, QualifiedName table) {
        return constraints.stream().filter(constraint -> constraint.table().equals(table));
    }

    private void uniqueIndexes(QualifiedName table) {
        Set<String> ours = indexes(source, table).map(TableChanges::unique).collect(toSet());
        Set<String> ofConstraints =
                on(target.constraints(), table).map(Constraint::name).collect(toSet());
        indexes(target, table)
                .filter(index -> !ofConstraints.contains(index.name()))
                .filter(index -> !unique(index).isEmpty() && !ours.contains(unique(index)))
                .forEach(index -> add(
                        table,
                        "the target has a unique index that the source does not have: " + index.name(),
                        "Run on the target: DROP INDEX " + quote(new QualifiedName(table.schema(), index.name()))
                                + "; then run this command again."));
    }

    private static Stream<Index> indexes(DatabaseCatalog catalog, QualifiedName table) {
        return catalog.indexes().stream().filter(index -> index.table().equals(table));
    }

    /** What a unique index is, without its name; empty for another index. */
    private static String unique(Index index) {
        Matcher unique = UNIQUE.matcher(index.definition());
        return unique.matches() ? unique.group("rest") : "";
    }

    private void difference(Difference difference) {
        switch (SourceChange.of(difference)) {
            case COLUMN -> generatedExpression(difference);
            case TYPE -> type(difference);
            case TABLE_KIND -> partitionBound(difference);
            case AGGREGATE_DEFINITION ->
                aggregate(difference, name -> target.aggregate(name).isPresent());
            default -> {
                // What else differs does not keep rows from fitting.
            }
        }
    }

    private void generatedExpression(Difference difference) {
        if (difference.aspect().equals("generated")) {
            String name = difference.name();
            tables.stream().filter(table -> name.startsWith(table + ".")).forEach(table -> {
                String column = quote(name.substring(table.toString().length() + 1));
                add(
                        table,
                        "column " + column + " is generated by another expression on the source",
                        "Run on the target: ALTER TABLE " + quote(table) + " ALTER COLUMN " + column
                                + " SET EXPRESSION AS ("
                                + difference.source().replaceFirst(" (?:stored|virtual)$", "")
                                + "); (before PostgreSQL 17: drop the column and add it again), then run this command again.");
            });
        }
    }

    private void type(Difference difference) {
        if (typesOfColumns().stream().noneMatch(text -> text.contains(difference.name()))) {
            return;
        }
        String labels = difference.aspect().equals("labels") ? addedLabels(difference) : "";
        problems.add(problem(
                difference.name(),
                difference.object() + " differs in its " + difference.aspect() + ": " + difference.source()
                        + " on the source, " + difference.target() + " on the target",
                labels.isEmpty()
                        ? "Change the type on the target as it was changed on the source (ALTER TYPE, ALTER DOMAIN), then"
                                + " catch up again."
                        : "Run on the target: " + labels + " then run this command again."));
    }

    /** The types of the columns of all tables, and what these types are made of in turn, as PostgreSQL spells them. */
    private Set<String> typesOfColumns() {
        Set<String> texts = source.tables().stream()
                .filter(table -> tables.contains(table.name()))
                .flatMap(table -> table.columns().stream())
                .map(Column::type)
                .collect(toCollection(LinkedHashSet::new));
        boolean grew = true;
        while (grew) {
            List<String> more = source.objects().stream()
                    .filter(object -> object.kind().equals("type")
                            && texts.stream().anyMatch(text -> text.contains(object.identity())))
                    .flatMap(object -> object.facts().values().stream())
                    .toList();
            grew = texts.addAll(more);
        }
        return texts;
    }

    /** The statements that add labels which the source has after all of the target's; empty when that is not the difference. */
    private static String addedLabels(Difference difference) {
        List<String> ours = literals(difference.source());
        List<String> theirs = literals(difference.target());
        if (ours.size() <= theirs.size() || !ours.subList(0, theirs.size()).equals(theirs)) {
            return "";
        }
        StringBuilder sql = new StringBuilder();
        ours.subList(theirs.size(), ours.size())
                .forEach(label -> sql.append("ALTER TYPE ")
                        .append(difference.name())
                        .append(" ADD VALUE ")
                        .append(label)
                        .append("; "));
        return sql.toString().strip();
    }

    private static List<String> literals(String labels) {
        return LITERAL.matcher(labels).results().map(found -> found.group()).toList();
    }

    private void partitionBound(Difference difference) {
        if (difference.aspect().equals("partition bound")
                && !difference.target().equals("(none)")) {
            tables.stream()
                    .filter(table -> difference.name().equals(table.toString()))
                    .forEach(table -> add(
                            table,
                            "its partition bound is " + difference.source() + " on the source and "
                                    + difference.target() + " on the target",
                            "Detach it on the target and attach it as on the source, then run this command again."));
        }
    }

    private void aggregate(Difference difference, Predicate<QualifiedName> isThere) {
        source.aggregates().stream()
                .map(aggregate -> aggregate.name())
                .filter(name -> difference.name().equals(name.toString()) && isThere.test(name))
                .filter(name ->
                        problems.stream().noneMatch(problem -> problem.object().equals(name.toString())))
                .forEach(name -> add(
                        name,
                        "the continuous aggregate has another " + difference.aspect() + " on the source",
                        "Drop it on the target: DROP MATERIALIZED VIEW " + quote(name)
                                + "; The next catch-up creates and copies it again."));
    }

    private void add(QualifiedName table, String what, String remedy) {
        problems.add(problem(table.toString(), table + ": " + what, remedy));
    }

    private static Problem problem(String object, String what, String remedy) {
        return Problem.blocking(Problem.Code.TABLE_CHANGED, object, what + ".", remedy);
    }
}
