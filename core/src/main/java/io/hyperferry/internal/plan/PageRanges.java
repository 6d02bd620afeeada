package io.hyperferry.internal.plan;

import io.hyperferry.Consistency;
import io.hyperferry.PlanOptions;
import io.hyperferry.Slice;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts large plain tables into ranges of pages, so that workers share them. A piece is a sixteenth of its table, but no smaller than 64 MB and no
 * larger than 1 GB; a table that gives less than two pieces travels whole. So does every table that is not read under one snapshot, where
 * pages mean nothing, or from a server that cannot read a range of pages without reading the table.
 *
 * @see <a href="https://www.postgresql.org/docs/current/ddl-system-columns.html">ctid</a>
 */
final class PageRanges {
    /** The smallest piece, as far as rows on pages are even. */
    static final long SMALLEST_BYTES = 64L << 20;

    /** The largest piece, likewise. */
    static final long LARGEST_BYTES = 1L << 30;

    private static final int SHARES = 16;
    private static final int RANGE_SCAN_SINCE = 14;

    private PageRanges() {}

    /** The slices of a plain table. */
    static List<Slice> slices(Table table, ServerInfo source, PlanOptions options, int firstPosition) {
        // Pages mean something as long as one snapshot lives, and an export is gone on with.
        boolean possible = options.consistency() == Consistency.SNAPSHOT
                && options.export() == null
                && source.postgres().isAtLeast(RANGE_SCAN_SINCE, 0);
        long pieces = possible ? pieces(table) : 1;
        if (pieces < 2) {
            return List.of(new Slice(
                    firstPosition,
                    Slice.Mode.WHOLE,
                    null,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    false,
                    table.estimatedRows(),
                    table.bytes()));
        }
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            slices.add(new Slice(
                    firstPosition + i,
                    Slice.Mode.CTID,
                    null,
                    bound(table.pages(), i, pieces),
                    // Rows may have come to later pages by the time of reading.
                    i == pieces - 1 ? Long.MAX_VALUE : bound(table.pages(), i + 1L, pieces),
                    false,
                    table.estimatedRows() / pieces,
                    table.bytes() / pieces));
        }
        return slices;
    }

    private static long pieces(Table table) {
        long size = Math.max(SMALLEST_BYTES, table.bytes() / SHARES);
        long atLeast = (table.bytes() + LARGEST_BYTES - 1) / LARGEST_BYTES;
        return Math.min(table.pages(), Math.max(table.bytes() / size, atLeast));
    }

    private static long bound(long pages, long piece, long pieces) {
        return pages * piece / pieces;
    }
}
