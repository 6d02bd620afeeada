package io.hyperferry.internal.run;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.CompressionSizes;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Doer;
import io.hyperferry.internal.ledger.Reading;
import io.hyperferry.internal.ledger.SliceMark;
import io.hyperferry.internal.ledger.SliceQueries;
import io.hyperferry.internal.sql.ColumnstoreSql;
import io.hyperferry.internal.sql.CompressedSql;
import io.hyperferry.internal.sql.CopySql;
import io.hyperferry.internal.sql.Identifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A slice as it is written on the target: what its transaction begins with, and its mark in the ledger, which commits with its rows. */
final class SliceWriting {
    private final TableData table;
    private final Slice slice;
    private final QualifiedName relation;
    private final List<String> settings;
    private final @Nullable Tuples tuples;
    private final int attempt;

    /**
     * What compressed tuples go into.
     *
     * @param relation the relation, quoted
     * @param layout how they are to be read, on both sides
     * @param statesSizes whether the target's role may state what compressing made of the chunk
     */
    record Tuples(String relation, Layout layout, boolean statesSizes) {}

    /**
     * A slice to write.
     *
     * @param relation what rows are written to
     * @param settings what the transaction begins with
     * @param tuples what compressed tuples are written to, or null when only rows can be
     */
    SliceWriting(
            TableData table,
            Slice slice,
            QualifiedName relation,
            List<String> settings,
            @Nullable Tuples tuples,
            int attempt) {
        this.table = table;
        this.slice = slice;
        this.relation = relation;
        this.settings = List.copyOf(settings);
        this.tuples = tuples;
        this.attempt = attempt;
    }

    TableData table() {
        return table;
    }

    Slice slice() {
        return slice;
    }

    @Nullable
    Tuples tuples() {
        return tuples;
    }

    /** What is executed for each part that is written: the tuples and the rows beside them, or the rows alone. */
    List<String> statements(boolean asTuples) {
        String rows = CopySql.in(table, Identifiers.quote(relation));
        return tuples != null && asTuples
                ? List.of(CopySql.tuplesIn(tuples.relation(), tuples.layout()), rows)
                : List.of(rows);
    }

    /** Prepares the transaction. */
    void begin(Connection target, boolean asTuples) throws SQLException {
        for (String setting : settings) {
            Jdbc.execute(target, setting);
        }
        if (slice.compressedOnArrival() && !asTuples) {
            for (String setting : ColumnstoreSql.COMPRESS_ON_ARRIVAL) {
                Jdbc.execute(target, setting);
            }
        }
    }

    /** Marks the slice as done. */
    void mark(Connection target, SliceMark mark, @Nullable CompressionSizes sizes, CopyResult result)
            throws SQLException {
        if (tuples != null && !mark.asTuples() && mark.reading() != Reading.DROPPED) {
            SliceQueries.refuseTuples(target, slice.position(), "it was changed on the source meanwhile");
        }
        if (tuples != null && tuples.statesSizes() && mark.asTuples() && sizes != null) {
            Jdbc.execute(target, CompressedSql.stateSizes(tuples.relation(), sizes));
        }
        SliceQueries.markSlice(
                target, slice.position(), Doer.ofThread(attempt), mark, result.bytes(), result.elapsed());
    }
}
