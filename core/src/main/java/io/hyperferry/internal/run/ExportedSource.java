package io.hyperferry.internal.run;

import io.hyperferry.DigestMethod;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopySource;
import io.hyperferry.internal.export.ExportReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source as it was exported. */
final class ExportedSource implements RunSource {
    private final ExportReader export;

    ExportedSource(ExportReader export) {
        this.export = export;
    }

    /** Roles were mapped when it was exported. */
    @Override
    public DatabaseCatalog catalog(Map<String, String> roles) {
        return export.exported();
    }

    @Override
    public void setSequences(Connection target, List<QualifiedName> sequences) throws SQLException {
        Sequences.set(export::sequence, target, sequences);
    }

    @Override
    public Slices slices(DigestMethod digest, @Nullable Snapshots snapshots) {
        return new Slices() {
            @Override
            public CopySource rows() {
                return CopySource.files(export.rows());
            }

            @Override
            public CopyClaim claim(SliceWriting target, int attempt, SliceDone done) {
                return new ImportClaim(export.slice(target.slice().position()), target, done);
            }
        };
    }
}
