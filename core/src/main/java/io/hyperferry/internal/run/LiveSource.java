package io.hyperferry.internal.run;

import io.hyperferry.DigestMethod;
import io.hyperferry.catalog.CompressedChunks;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.SnapshotGuard;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopySource;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.slice.SliceLocator;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The source itself, as it is now. */
final class LiveSource implements RunSource {
    private final Endpoint endpoint;

    LiveSource(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public DatabaseCatalog catalog(Map<String, String> roles) throws SQLException {
        try (Connection source = endpoint.connect()) {
            return Planning.reader().mappingRoles(roles).read(source);
        }
    }

    /** A slice that was read later than the plan was made must not hold a value that the target hands out again, hence now. */
    @Override
    public void setSequences(Connection target, List<QualifiedName> sequences) throws SQLException {
        try (Connection source = endpoint.connect()) {
            Sequences.set(sequence -> Sequences.of(source, sequence), target, sequences);
        }
    }

    @Override
    public Slices slices(DigestMethod digest, @Nullable Snapshots snapshots) throws SQLException {
        try (Connection source = endpoint.connect()) {
            return new LiveSlices(
                    CopySource.database(endpoint.dataSource()),
                    digest,
                    snapshots,
                    SnapshotGuard.of(source),
                    CompressedChunks.of(source),
                    SliceLocator.of(source));
        }
    }

    private record LiveSlices(
            CopySource rows,
            DigestMethod digest,
            @Nullable Snapshots snapshots,
            SnapshotGuard guard,
            CompressedChunks chunks,
            SliceLocator locator)
            implements Slices {
        @Override
        public CopyClaim claim(SliceWriting target, int attempt, SliceDone done) {
            SliceWriting.@Nullable Tuples tuples = target.tuples();
            SliceReading reading = new SliceReading(
                    target.table(),
                    locator.location(target.table(), target.slice()),
                    digest,
                    tuples == null ? null : new SliceReading.Tuples(tuples.layout(), chunks, tuples.statesSizes()),
                    snapshots,
                    guard);
            return new SliceClaim(reading, target, attempt, done);
        }
    }
}
