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
        List<String> files = source.files().stream().map(CopiedFile::name).toList();
        return new CopyTask(
                SliceReading.name(target.table(), target.slice()),
                SliceClaim.parts(files, target.statements(source.mark().asTuples())));
    }

    @Override
    public void beforeWrite(Connection connection) throws SQLException {
        if (source.mark().asTuples() && target.tuples() == null) {
            throw new SQLException("its compressed tuples were exported, and the target's chunk cannot take them;"
                    + " export again as rows (compressed(CompressedMode.ROWS), --compressed rows)");
        }
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
