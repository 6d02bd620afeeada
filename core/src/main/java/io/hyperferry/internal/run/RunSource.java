package io.hyperferry.internal.run;

import io.hyperferry.DigestMethod;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopySource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a run gets what it moves: a database, or an export of one. */
interface RunSource {
    /**
     * The source's structure, to compare the target with.
     *
     * @param roles the roles that are called otherwise on the target
     */
    DatabaseCatalog catalog(Map<String, String> roles) throws SQLException;

    /**
     * Sets the target's sequences to where the source's stand.
     *
     * @param target in its transaction
     */
    void setSequences(Connection target, List<QualifiedName> sequences) throws SQLException;

    /**
     * What slices are read from, for as long as rows are copied.
     *
     * @param digest how they are digested
     * @param snapshots what to read under, or null for each slice as it is when its turn comes
     */
    Slices slices(DigestMethod digest, @Nullable Snapshots snapshots) throws SQLException;

    /** Reads slices. */
    interface Slices {
        /** Where their rows come from. */
        CopySource rows();

        /** A claim of a slice, which reads it here and writes it there. */
        CopyClaim claim(SliceWriting target, int attempt, SliceDone done);
    }
}
