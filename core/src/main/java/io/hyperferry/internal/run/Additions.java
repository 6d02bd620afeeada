package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CatalogDiff;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.CaughtUpQueries;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.plan.NewRelations;
import io.hyperferry.internal.plan.SourceChange;
import io.hyperferry.internal.schema.SchemaEntry;
import io.hyperferry.internal.schema.SchemaEntry.Section;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates on the target what the source has got since its schema was dumped, from a new dump and by the statements of a plan: tables, hypertables and
 * aggregates before rows are moved, foreign keys, triggers and everything else after them. What cannot be created is left out, with the reason.
 */
final class Additions {
    private static final Logger log = LoggerFactory.getLogger(Additions.class);

    private static final Set<String> TRIGGERS = Set.of("TRIGGER", "RULE");
    private static final Set<String> OF_TABLES = Set.of("INDEX", "CONSTRAINT");
    private static final String ATTACH = "TABLE ATTACH";

    /** Triggers and rules that also fire for replicas are not created. */
    private static final Pattern ALWAYS = Pattern.compile("ENABLE (?:ALWAYS|REPLICA) (?:TRIGGER|RULE)");

    /** Not created: published rows without a replica identity could not be replaced any more. */
    private static final String PUBLICATION = "PUBLICATION";

    /** The word before the name of what is commented on or granted. */
    private static final Pattern KIND_OF_OBJECT = Pattern.compile(
            "(?<schema>[^.]*\\.)(?:TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|SEQUENCE|COLUMN) (?<name>.*)",
            Pattern.DOTALL);

    private final Planning planning;
    private final Connection from;
    private final Connection to;

    /** The objects that were missing when a dump was taken: what could not be created then cannot be created now. */
    private final Set<String> attempted = new HashSet<>();

    private final Map<String, String> failures = new HashMap<>();
    private List<SchemaEntry> open = List.of();

    Additions(Planning planning, Connection from, Connection to) {
        this.planning = planning;
        this.from = from;
        this.to = to;
    }

    /** Why something could not be created, an object a line. */
    List<String> failures() {
        return failures.entrySet().stream()
                .map(failure -> failure.getKey() + " was not created on the target: " + failure.getValue())
                .sorted()
                .toList();
    }

    /**
     * Creates what rows need.
     *
     * @return what was created, human-readable
     */
    List<String> beforeRows(MigrationPlan plan, CatchUpScope scope) throws SQLException {
        Set<String> missing = scope.differences().stream()
                .filter(difference ->
                        difference.isMissingOnTarget() && SourceChange.of(difference) == SourceChange.NEW_OBJECT)
                .map(Difference::object)
                .collect(toCollection(LinkedHashSet::new));
        if (attempted.containsAll(missing)) {
            return List.of();
        }
        attempted.addAll(missing);
        List<SchemaEntry> entries;
        try {
            entries = Planning.entries(scope.planOfToday(), planning.schema(from, null));
        } catch (MigrationException e) {
            log.warn("new objects of the source are not followed: {}", e.getMessage());
            missing.forEach(object -> failures.put(object, String.valueOf(e.getMessage())));
            return List.of();
        }
        Set<String> known = Ledger.schemaTitles(to);
        List<SchemaEntry> fresh = fresh(entries, known, scope);
        // What is skipped because of the filters is no difference, as it is none of the run.
        List<SchemaEntry> skipped = entries.stream()
                .filter(entry -> entry.leftOut() != null
                        && !entry.leftOut().equals(SchemaEntry.NOT_ITS_OWN)
                        && !known.contains(entry.title()))
                .toList();
        Set<Integer> tables = fresh.stream()
                .filter(entry -> entry.kind().equals("TABLE"))
                .map(entry -> entry.build().id())
                .collect(toSet());
        List<String> created = new ArrayList<>();
        try {
            Jdbc.transact(to, () -> {
                for (SchemaEntry entry : skipped) {
                    Ledger.addSchemaEntry(to, entry);
                }
                create(fresh, tables, plan, scope, created);
            });
        } catch (SQLException e) {
            if (CopyEngine.passing(e).isPresent()) {
                throw e;
            }
            log.warn("new objects of the source are not followed: {}", Jdbc.describe(e));
            missing.forEach(object -> failures.put(object, Jdbc.describe(e)));
            return List.of();
        }
        open = fresh.stream()
                .filter(entry -> entry.section() != Section.PRE_DATA
                        && entry.section() != Section.DEPENDENTS
                        && !isIndexOf(tables, entry))
                .filter(entry -> !firesAlways(entry))
                .toList();
        fresh.stream()
                .filter(Additions::firesAlways)
                .forEach(entry -> failures.put(
                        entry.title(), "it would fire while rows are replaced; create it after the last catch-up"));
        return created;
    }

    /** Creates it in the transaction of the target's connection: all that rows need is there afterwards, or nothing. */
    private void create(
            List<SchemaEntry> fresh, Set<Integer> tables, MigrationPlan plan, CatchUpScope scope, List<String> created)
            throws SQLException {
        NewRelations relations = new NewRelations(
                scope.planOfToday(), scope.kept(), scope.target().server());
        Set<QualifiedName> names =
                scope.missing().stream().map(TableData::table).collect(toSet());
        List<SchemaEntry> preData = of(fresh, Section.PRE_DATA);
        restore(preData.stream().filter(entry -> !entry.kind().equals(ATTACH)), created);
        execute(relations.hypertables(names));
        // A partition is attached with its indexes: these then become parts of its parent's, and no others are made.
        restore(fresh.stream().filter(entry -> isIndexOf(tables, entry)), created);
        restore(preData.stream().filter(entry -> entry.kind().equals(ATTACH)), created);
        execute(relations.aggregates(names));
        restore(of(fresh, Section.DEPENDENTS).stream(), created);
        for (TableData table : scope.missing()) {
            note(table, plan, created);
        }
    }

    /**
     * Creates what comes after the rows. What fails is tried again after the next pass, since rows may be missing that it needs.
     *
     * @return what was created, human-readable
     */
    List<String> afterRows() throws SQLException {
        List<String> created = new ArrayList<>();
        List<SchemaEntry> left = new ArrayList<>();
        for (SchemaEntry entry : open) {
            Jdbc.transact(to, () -> restore(Stream.of(entry), created));
            if (failures.containsKey(entry.title())) {
                left.add(entry);
            }
        }
        open = left;
        return created;
    }

    private static boolean firesAlways(SchemaEntry entry) {
        return TRIGGERS.contains(entry.kind()) && ALWAYS.matcher(entry.sql()).find();
    }

    private static List<SchemaEntry> of(List<SchemaEntry> entries, Section section) {
        return entries.stream().filter(entry -> entry.section() == section).toList();
    }

    private static boolean isIndexOf(Set<Integer> tables, SchemaEntry entry) {
        return OF_TABLES.contains(entry.kind())
                && entry.build().tables().stream().anyMatch(tables::contains);
    }

    /** The entries that the first dump did not have, and those of relations that the target has lost. */
    private static List<SchemaEntry> fresh(List<SchemaEntry> entries, Set<String> known, CatchUpScope scope) {
        Set<String> lost = scope.differences().stream()
                .filter(Difference::isMissingOnTarget)
                .flatMap(Additions::namesInDump)
                .collect(toSet());
        List<SchemaEntry> possible = entries.stream()
                .filter(entry -> entry.leftOut() == null && !entry.kind().startsWith(PUBLICATION))
                .toList();
        Set<Integer> tables = possible.stream()
                .filter(entry -> entry.kind().equals("TABLE") && lost.contains(entry.name()))
                .map(entry -> entry.build().id())
                .collect(toSet());
        return possible.stream()
                .filter(entry -> !known.contains(entry.title())
                        || lost.stream().anyMatch(relation -> isPartOf(relation, entry))
                        || entry.build().tables().stream().anyMatch(tables::contains))
                .toList();
    }

    /** The names that a dump's entry of a missing object can have. What is on a table has the table's name first, an index its schema. */
    private static Stream<String> namesInDump(Difference missing) {
        String name = missing.name();
        int on = name.lastIndexOf(" on ");
        if (on < 0) {
            return Stream.of(name);
        }
        String part = name.substring(0, on);
        String table = name.substring(on + " on ".length());
        return missing.kind() == CatalogDiff.Kind.INDEX
                ? Stream.of(table.substring(0, table.indexOf('.') + 1) + part)
                : Stream.of(table + " " + part);
    }

    private static boolean isPartOf(String relation, SchemaEntry entry) {
        String name = KIND_OF_OBJECT.matcher(entry.name()).replaceFirst("${schema}${name}");
        return name.equals(relation) || name.startsWith(relation + " ") || name.startsWith(relation + ".");
    }

    private void restore(Stream<SchemaEntry> entries, List<String> created) throws SQLException {
        for (SchemaEntry entry : entries.toList()) {
            Savepoint before = to.setSavepoint();
            try {
                SchemaHandler.execute(to, entry);
                Ledger.addSchemaEntry(to, entry);
                to.releaseSavepoint(before);
                failures.remove(entry.title());
                created.add(entry.title() + ": created");
            } catch (SQLException e) {
                if (CopyEngine.passing(e).isPresent()) {
                    throw e;
                }
                to.rollback(before);
                log.warn("{} could not be created: {}", entry.title(), Jdbc.describe(e));
                failures.put(entry.title(), Jdbc.describe(e));
            }
        }
    }

    private void execute(List<String> statements) throws SQLException {
        for (String sql : statements) {
            Jdbc.execute(to, sql);
        }
    }

    /** Has the ledger know a table without rows; one that the plan has and the target lost has none any more. */
    private void note(TableData table, MigrationPlan plan, List<String> created) throws SQLException {
        if (failures.containsKey("TABLE " + table.table())) {
            return;
        }
        TableData planned = plan.tables().stream()
                .filter(known -> known.table().equals(table.table()))
                .findFirst()
                .orElse(null);
        if (planned == null) {
            CaughtUpQueries.noteTable(to, table, CaughtUpQueries.nextPosition(to));
        } else {
            CaughtUpQueries.forgetRows(to, planned);
        }
        if (table.aggregate()) {
            created.add("continuous aggregate " + Objects.requireNonNull(table.table()) + ": created");
        }
    }
}
