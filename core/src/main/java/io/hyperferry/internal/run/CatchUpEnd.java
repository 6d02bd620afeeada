package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toSet;

import io.hyperferry.Step;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.View;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.plan.RowsOutsideChunks;
import io.hyperferry.internal.plan.SourceChange;
import io.hyperferry.internal.sql.DigestSql;
import io.hyperferry.internal.verify.Verifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Compares both sides at the end of a catch-up: rows after a pass that found nothing changed, structure in any case. */
final class CatchUpEnd {
    private final CatchUpScope scope;
    private final ParallelQueries source;
    private final ParallelQueries target;

    /**
     * A comparison.
     *
     * @param scope both sides as they are in the end
     */
    CatchUpEnd(CatchUpScope scope, ParallelQueries source, ParallelQueries target) {
        this.scope = scope;
        this.source = source;
        this.target = target;
    }

    /**
     * Compares the target's rows with the digests of the last pass, and what its queries find with its rows.
     *
     * @param step how rows are compared
     * @return what differs, a range a line; empty when nothing does
     */
    List<String> mismatches(CatchUpPass last, Step.CopyData step) throws SQLException {
        Step.CopyData now = new Step.CopyData(
                last.compared(), step.digest(), step.settings(), step.compressions(), step.maxUncompressed());
        List<String> mismatches = new ArrayList<>();
        scope.missing().forEach(table -> mismatches.add(table.table() + ", the target has no such table"));
        new Verifier(now)
                .compare(target, scope.target(), last.digests())
                .findings()
                .forEach(finding -> mismatches.add(finding.table().table() + ", " + finding.text()));
        return mismatches;
    }

    /**
     * Compares everything else.
     *
     * @param outside the tables with rows outside of their chunks' bounds on the source
     * @param failures why something could not be created
     * @return what differs and is not followed, each with what to do; empty when nothing does
     */
    List<String> differences(Set<QualifiedName> outside, List<String> failures) throws SQLException {
        List<String> lines = new ArrayList<>(failures);
        RowsOutsideChunks.without(scope.differences(), outside).forEach(difference -> lines.add(line(difference)));
        List<ViewRows> views = materializedViews().stream().map(ViewRows::new).toList();
        List<Digest> ours = source.ask(views, (connection, view) -> view.digest(connection));
        List<Digest> theirs = target.ask(views, (connection, view) -> view.digest(connection));
        for (int i = 0; i < views.size(); i++) {
            if (!ours.get(i).equals(theirs.get(i))) {
                lines.add(views.get(i).subject() + " differ. " + SourceChange.MATERIALIZED_VIEW.remedy());
            }
        }
        return lines;
    }

    /** The rows of a materialized view. */
    private record ViewRows(QualifiedName view) implements ParallelQueries.Subject {
        Digest digest(Connection side) throws SQLException {
            return Jdbc.one(side, DigestSql.ofView(view), Digest::of);
        }

        @Override
        public String subject() {
            return "rows of materialized view " + view;
        }
    }

    private static String line(Difference difference) {
        return difference.toString().replaceAll("\\s+", " ") + ". "
                + SourceChange.of(difference).remedy();
    }

    /** Those that have rows on both sides. */
    private List<QualifiedName> materializedViews() {
        Set<QualifiedName> theirs = materializedViews(scope.target());
        return materializedViews(scope.kept()).stream()
                .filter(theirs::contains)
                .sorted()
                .toList();
    }

    private static Set<QualifiedName> materializedViews(DatabaseCatalog catalog) {
        Set<String> unpopulated = catalog.objects().stream()
                .filter(object -> object.facts().containsKey("populated"))
                .flatMap(object -> Stream.ofNullable(object.relation()))
                .map(QualifiedName::toString)
                .collect(toSet());
        return catalog.views().stream()
                .filter(view -> view.kind() == View.Kind.MATERIALIZED_VIEW)
                .map(View::name)
                .filter(name -> !unpopulated.contains(name.toString()))
                .collect(toSet());
    }
}
