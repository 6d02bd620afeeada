package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toList;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.copy.CopiedFile;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopySink;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.internal.export.ExportWriter;
import io.hyperferry.internal.export.ExportedSlice;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.SliceMark;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** A slice in the hands of a worker, on its way from the source into files. */
final class ExportClaim implements CopyClaim {
    private final TableData table;
    private final Slice slice;
    private final SliceReading source;
    private final ExportWriter export;
    private final SliceDone done;
    private Digest digest = Digest.EMPTY;

    ExportClaim(TableData table, Slice slice, SliceReading source, ExportWriter export, SliceDone done) {
        this.table = table;
        this.slice = slice;
        this.source = source;
        this.export = export;
        this.done = done;
    }

    TableData table() {
        return table;
    }

    Slice slice() {
        return slice;
    }

    @Override
    public CopyTask task() {
        List<String> queries = source.queries();
        List<String> names = queries.size() == 1 ? List.of("rows") : List.of("tuples", "rows");
        return new CopyTask(
                SliceReading.name(table, slice),
                SliceClaim.parts(
                        queries,
                        names.stream()
                                .map(it -> fileName(it, queries.get(names.indexOf(it))))
                                .collect(toList())));
    }

    private String fileName(String what, String query) {
        return String.format(Locale.ROOT, "%07d.%s", slice.position(), what)
                + (query.endsWith("(FORMAT binary)") ? CopySink.BINARY_FILE : ".txt.zst");
    }

    @Override
    public BeforeRead beforeRead(Connection connection) throws SQLException {
        return source.begin(connection);
    }

    @Override
    public void afterRead(Connection connection) throws SQLException {
        source.end(connection);
    }

    @Override
    public void filesWritten(List<CopiedFile> files, CopyResult result) throws SQLException {
        digest = source.digestOf(result.rows());
        try {
            export.add(new ExportedSlice(
                    slice.position(),
                    new SliceMark(source.reading(), source.asTuples(), digest),
                    result.bytes(),
                    files,
                    source.sizes()));
        } catch (IOException e) {
            throw new SQLException("the export's list of slices cannot be written: " + e.getMessage(), "58030", e);
        }
    }

    @Override
    public void committed(CopyResult result) {
        done.done(table, slice, digest.rows(), result);
    }
}
