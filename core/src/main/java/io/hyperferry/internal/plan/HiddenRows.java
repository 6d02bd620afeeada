package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.joining;

import io.hyperferry.AggregateMode;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.internal.sql.HypertableSql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Warns of rows in compressed chunks that no query shows. */
final class HiddenRows {
    /** The remedy names this many chunks at most. */
    private static final int NAMED_CHUNKS = 10;

    private HiddenRows() {}

    static List<Problem> problems(DatabaseCatalog kept, PlanOptions options) {
        List<Problem> problems = new ArrayList<>();
        @Nullable Timescale timescale = kept.server().timescale();
        if (timescale == null) {
            return problems;
        }
        kept.hypertables().forEach(hypertable -> add(hypertable.name(), hypertable, timescale, problems));
        if (options.aggregates() == AggregateMode.KEEP_HISTORY) {
            kept.aggregates().forEach(aggregate -> add(aggregate.name(), aggregate.storage(), timescale, problems));
        }
        return problems;
    }

    private static void add(QualifiedName name, Hypertable hypertable, Timescale timescale, List<Problem> problems) {
        List<Chunk> chunks = hypertable.chunks().stream()
                .filter(chunk -> chunk.hiddenRows() > 0)
                .toList();
        if (chunks.isEmpty()) {
            return;
        }
        long rows = chunks.stream().mapToLong(Chunk::hiddenRows).sum();
        problems.add(Problem.warning(
                Code.HIDDEN_ROWS,
                name.toString(),
                (chunks.size() == 1 ? "1 compressed chunk holds " : chunks.size() + " compressed chunks hold ")
                        + (rows == 1 ? "1 row" : rows + " rows")
                        + " that no query on the source shows, because the chunk is marked as fully compressed;"
                        + " these rows are not copied.",
                "To have them shown and copied, run on the source before the migration: "
                        + chunks.stream()
                                .limit(NAMED_CHUNKS)
                                .map(chunk -> HypertableSql.compressAgain(chunk.name(), timescale) + ";")
                                .collect(joining(" "))
                        + (chunks.size() > NAMED_CHUNKS
                                ? " Then plan again: " + (chunks.size() - NAMED_CHUNKS) + " more chunks have such rows."
                                : "")));
    }
}
