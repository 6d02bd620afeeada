package io.hyperferry.internal.run;

import io.hyperferry.copy.CopiedFile;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.internal.export.ExportedSlice;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A slice in the hands of a worker, on its way from files to the target. */
final class ImportClaim implements CopyClaim {
    /** Why an import ends, with the remedy; what cannot take the tuples is to be filled in. */
    static final String UNFIT =
            "%s cannot take the compressed tuples that were exported; remove what the import has made on the target, and export"
                    + " again as rows (compressed(CompressedMode.ROWS), --compressed rows)";

    private final ExportedSlice source;
    private final SliceWriting target;
    private final SliceDone done;

    ImportClaim(ExportedSlice source, SliceWriting target, SliceDone done) {
        this.source = source;
        this.target = target;
        this.done = done;
    }

    @Override
    public CopyTask task() {
        if (source.mark().asTuples() && target.tuples() == null) {
            throw new StepFailure(UNFIT.replace("%s", SliceReading.name(target.table(), target.slice())), null);
        }
        List<String> files = source.files().stream().map(CopiedFile::name).toList();
        return new CopyTask(
                SliceReading.name(target.table(), target.slice()),
                SliceClaim.parts(files, target.statements(source.mark().asTuples())));
    }

    @Override
    public void beforeWrite(Connection connection) throws SQLException {
        target.begin(connection, source.mark().asTuples());
    }

    @Override
    public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
        long exported = source.mark().digest().rows();
        if (!source.mark().asTuples() && result.rows() != exported) {
            throw new SQLException("the target took " + Math.max(0, result.rows()) + " rows where " + exported
                    + " were exported: does a trigger or a rule on the target skip rows?");
        }
        target.mark(connection, source.mark(), source.sizes(), result);
    }

    @Override
    public void committed(CopyResult result) {
        done.done(target.table(), target.slice(), source.mark().digest().rows(), result);
    }
}
