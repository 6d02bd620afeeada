package io.hyperferry.internal.run;

import io.hyperferry.Step.Compression;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Doer;
import io.hyperferry.internal.ledger.SliceQueries;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A chunk in the hands of a worker, which compresses it in the transaction that says so. */
final class CompressionClaim implements CopyClaim {
    private final Compression compression;
    private final int attempt;

    CompressionClaim(Compression compression, int attempt) {
        this.compression = compression;
        this.attempt = attempt;
    }

    @Override
    public CopyTask task() {
        return new CopyTask("compression " + compression.position() + " of " + compression.table(), List.of());
    }

    @Override
    public BeforeRead beforeRead(Connection source) {
        return BeforeRead.NOTHING_TO_READ;
    }

    @Override
    public void beforeCommit(Connection target, CopyResult result) throws SQLException {
        Instant start = Instant.now();
        Jdbc.execute(target, "SET LOCAL lock_timeout = 0");
        Jdbc.execute(target, compression.sql());
        SliceQueries.markCompression(
                target, compression.position(), Doer.ofThread(attempt), Duration.between(start, Instant.now()));
    }
}
