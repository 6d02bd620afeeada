package io.hyperferry.internal.plan;

import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.CatalogDiff;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.QualifiedName;
import java.util.Collection;
import java.util.List;

/** Tells of hypertables with rows outside of their chunks' bounds, as they are after the type of their time column was changed in another time zone. */
public final class RowsOutsideChunks {
    private static final String CAUSE =
            "chunks of it on the source hold rows outside of their bounds, as after a change of the time column's type in a time zone other than UTC";

    private RowsOutsideChunks() {}

    /** Differences without the chunks that the target has in addition, because it made them for such rows of these tables. */
    public static List<Difference> without(List<Difference> differences, Collection<QualifiedName> tables) {
        return differences.stream()
                .filter(difference -> difference.kind() != CatalogDiff.Kind.CHUNK
                        || !difference.isMissingOnSource()
                        || tables.stream().noneMatch(table -> isOf(table, difference)))
                .toList();
    }

    private static boolean isOf(QualifiedName table, Difference difference) {
        return difference.name().equals(table.toString()) || difference.name().startsWith(table + " ");
    }

    /** What a comparison found: all rows are there. */
    public static List<Problem> warnings(Collection<QualifiedName> tables) {
        return tables.stream()
                .sorted()
                .map(table -> Problem.warning(
                        Code.ROWS_OUTSIDE_CHUNKS,
                        table.toString(),
                        CAUSE
                                + ", where queries by time can miss them; the target has them in the chunks of their time, and the table was compared"
                                + " as a whole.",
                        "Nothing needs to be done on the target. Catch-up and repair replace ranges of time, so they refuse this table: to follow"
                                + " changes, migrate it again."))
                .toList();
    }

    /**
     * Why rows cannot be replaced.
     *
     * @param verb what would replace them, human-readable
     */
    public static List<Problem> problems(String verb, Collection<QualifiedName> tables) {
        return tables.stream()
                .sorted()
                .map(table -> Problem.blocking(
                        Code.ROWS_OUTSIDE_CHUNKS,
                        table.toString(),
                        CAUSE + ", so " + verb + " cannot replace its rows by ranges of time.",
                        "Migrate the table again (include, --include) into another database, or copy its rows into a new hypertable on the source"
                                + " and migrate that."))
                .toList();
    }
}
