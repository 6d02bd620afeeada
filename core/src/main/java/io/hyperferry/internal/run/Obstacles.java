package io.hyperferry.internal.run;

import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.TableData;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.AggregateSql;
import io.hyperferry.internal.sql.Identifiers;
import io.hyperferry.internal.sql.ObstacleSql;
import io.hyperferry.internal.sql.RepairSql;
import io.hyperferry.internal.verify.Verifier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Triggers, rules and publications of the target that would change, double or keep rows while a repair or a catch-up replaces them, or
 * would refuse to have them removed.
 *
 * <p>Under {@code session_replication_role = replica} those that are {@code ENABLE ALWAYS} or {@code ENABLE REPLICA} still fire. They are
 * not disabled here: {@code ALTER TABLE} would lock the table, so that transactions on it would wait for one another.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-altertable.html">ALTER TABLE</a>
 */
final class Obstacles {
    private static final char ALWAYS = 'A';

    private final String verb;
    private final boolean quiet;
    private final List<Found> firing;
    private final List<Found> published;

    /**
     * An object of the target.
     *
     * @param relation the table that has it
     * @param parent what the table inherits from, as a chunk does from its hypertable; null without
     * @param kind {@code TRIGGER} or {@code RULE}; empty for a publication
     * @param name the name of the trigger, the rule or the publication
     * @param state when it fires, as {@code pg_trigger.tgenabled} has it
     */
    private record Found(QualifiedName relation, @Nullable QualifiedName parent, String kind, String name, char state) {
        static Found firing(ResultSet row) throws SQLException {
            return of(row, row.getString("kind"), row.getString("state").charAt(0));
        }

        static Found published(ResultSet row) throws SQLException {
            return of(row, "", ALWAYS);
        }

        private static Found of(ResultSet row, String kind, char state) throws SQLException {
            @Nullable String parent = row.getString("parent_name");
            return new Found(
                    new QualifiedName(row.getString("schema"), row.getString("name")),
                    parent == null ? null : new QualifiedName(row.getString("parent_schema"), parent),
                    kind,
                    row.getString("object"),
                    state);
        }

        /** Whether it affects the rows of a table: those of a plain table are its own, those of a hypertable its chunks'. */
        boolean affects(QualifiedName table, boolean hypertable) {
            return relation.equals(table) || (hypertable && table.equals(parent));
        }
    }

    private Obstacles(String verb, boolean quiet, List<Found> firing, List<Found> published) {
        this.verb = verb;
        this.quiet = quiet;
        this.firing = firing;
        this.published = published;
    }

    /**
     * Reads them from the target.
     *
     * @param verb why rows are replaced, human-readable
     * @param quiet whether the transactions that replace rows are {@link RepairSql#QUIET}
     */
    static Obstacles read(String verb, Connection target, DatabaseCatalog catalog, boolean quiet) throws SQLException {
        return new Obstacles(
                verb,
                quiet,
                Jdbc.query(target, ObstacleSql.firing(quiet), Found::firing),
                Jdbc.query(target, ObstacleSql.publishedWithoutIdentity(catalog.server()), Found::published));
    }

    /** Whether the target's role may be {@link RepairSql#QUIET}. */
    static boolean mayBeQuiet(Connection target, DatabaseCatalog catalog) throws SQLException {
        return Jdbc.one(target, RepairSql.mayBeQuiet(catalog.server()), row -> row.getBoolean("quiet"));
    }

    /**
     * What keeps rows of these tables from being replaced, each with the statements that change it.
     *
     * @param catalog the target's catalog
     */
    List<Problem> problems(Collection<TableData> tables, DatabaseCatalog catalog) {
        List<Problem> problems = new ArrayList<>();
        for (TableData table : tables) {
            boolean hypertable = Replacement.hypertable(catalog, table).isPresent();
            QualifiedName relation = Verifier.relation(table, catalog);
            List<Found> fires = affecting(firing, relation, hypertable);
            if (!fires.isEmpty()) {
                problems.add(quiet ? firesAlways(table, relation, fires) : mayNotBeQuiet(table));
            }
        }
        problems.addAll(publications(tables, catalog));
        return problems;
    }

    /** Publications alone that keep rows of these tables from being removed. */
    List<Problem> publications(Collection<TableData> tables, DatabaseCatalog catalog) {
        List<Problem> problems = new ArrayList<>();
        for (TableData table : tables) {
            boolean hypertable = Replacement.hypertable(catalog, table).isPresent();
            QualifiedName relation = Verifier.relation(table, catalog);
            List<Found> publications = affecting(published, relation, hypertable);
            if (!publications.isEmpty()) {
                problems.add(withoutIdentity(
                        table.table().toString(),
                        publications,
                        "ALTER TABLE " + Identifiers.quote(relation) + " REPLICA IDENTITY FULL; or "));
            }
        }
        return problems;
    }

    /** Publications that keep the state of continuous aggregates from being written to TimescaleDB's catalog. */
    List<Problem> publicationsOfStates() {
        List<Found> publications = published.stream()
                .filter(each -> AggregateSql.LOGS.contains(each.relation().toString()))
                .toList();
        return publications.isEmpty()
                ? List.of()
                : List.of(withoutIdentity(publications.get(0).relation().toString(), publications, ""));
    }

    /**
     * Requires that rows of these tables can be replaced.
     *
     * @throws PreflightException when something keeps them from that
     */
    void require(Collection<TableData> tables, DatabaseCatalog catalog) {
        List<Problem> problems = problems(tables, catalog);
        if (!problems.isEmpty()) {
            throw new PreflightException(problems);
        }
    }

    private static List<Found> affecting(List<Found> found, QualifiedName relation, boolean hypertable) {
        return found.stream().filter(each -> each.affects(relation, hypertable)).toList();
    }

    private Problem firesAlways(TableData table, QualifiedName relation, List<Found> fires) {
        return Problem.blocking(
                Problem.Code.REPAIR_FIRES_TRIGGERS,
                table.table().toString(),
                listed(fires, each -> each.kind().toLowerCase(Locale.ROOT) + " " + each.name())
                        + " of " + table.table() + " on the target would fire when a " + verb
                        + " removes and copies rows, even with session_replication_role = replica.",
                "Run on the target: "
                        + statements(
                                fires, each -> alter(relation, each.state() == ALWAYS ? "ENABLE" : "DISABLE", each))
                        + "; and after the " + verb + ": "
                        + statements(
                                fires,
                                each -> alter(
                                        relation, each.state() == ALWAYS ? "ENABLE ALWAYS" : "ENABLE REPLICA", each))
                        + ".");
    }

    private static String alter(QualifiedName relation, String action, Found each) {
        return "ALTER TABLE " + Identifiers.quote(relation) + " " + action + " " + each.kind() + " "
                + Identifiers.quote(each.name());
    }

    private Problem mayNotBeQuiet(TableData table) {
        return Problem.blocking(
                Problem.Code.REPAIR_FIRES_TRIGGERS,
                table.table().toString(),
                table.table() + " has triggers, foreign keys or rules on the target, which would follow what a " + verb
                        + " removes and copies, and the target's role may not keep them from that.",
                "Use a superuser, or GRANT SET ON PARAMETER session_replication_role to the role (PostgreSQL 15"
                        + " and later).");
    }

    private Problem withoutIdentity(String table, List<Found> publications, String remedy) {
        return Problem.blocking(
                Problem.Code.REPLICA_IDENTITY_MISSING,
                table,
                "publication " + listed(publications, Found::name) + " of the target publishes deleted rows of " + table
                        + ", which has no replica identity there, so that a " + verb + " cannot remove rows.",
                "Run on the target: " + remedy
                        + statements(publications, each -> "DROP PUBLICATION " + Identifiers.quote(each.name()))
                        + "; and create it again after the " + verb + ".");
    }

    private static String statements(List<Found> found, Function<Found, String> text) {
        return String.join("; ", found.stream().map(text).distinct().toList());
    }

    private static String listed(List<Found> found, Function<Found, String> text) {
        return String.join(", ", found.stream().map(text).distinct().toList());
    }
}
