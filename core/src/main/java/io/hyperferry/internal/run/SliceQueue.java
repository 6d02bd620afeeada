package io.hyperferry.internal.run;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.ledger.SliceQueries;
import io.hyperferry.internal.ledger.SliceQueries.Claimed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hands out slices, and chunks to compress, through the ledger: a claim is a row lock in the transaction that will carry the rows, so PostgreSQL
 * itself is the queue, and a worker that dies leaves nothing behind.
 */
final class SliceQueue implements CopyQueue {
    private final Function<Claimed, CopyClaim> sliceOf;
    private final IntFunction<CopyClaim> compressionOf;
    private final @Nullable Long maxUncompressed;
    private final Lead lead;

    /** Says whether anything may be claimed. */
    interface Lead {
        /** Whether the process lives that leads the run. */
        boolean isThere(Connection target) throws SQLException;
    }

    /**
     * A queue.
     *
     * @param sliceOf makes claims of slices
     * @param compressionOf makes claims of chunks to compress
     * @param maxUncompressed as many bytes may wait to be compressed before another such chunk is begun; null for any number
     * @param lead asked about each claim before it is handed out
     */
    SliceQueue(
            Function<Claimed, CopyClaim> sliceOf,
            IntFunction<CopyClaim> compressionOf,
            @Nullable Long maxUncompressed,
            Lead lead) {
        this.sliceOf = sliceOf;
        this.compressionOf = compressionOf;
        this.maxUncompressed = maxUncompressed;
        this.lead = lead;
    }

    @Override
    public Optional<CopyClaim> claim(Connection target) throws SQLException {
        // Waiting for another's row lock needs to see what it committed.
        Jdbc.execute(target, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;" + Sessions.SOON_MISSED);
        Optional<CopyClaim> claim = next(target);
        // Who waited for another's row may have got it because that process died, and it may have been the leader.
        return claim.isEmpty() || lead.isThere(target) ? claim : Optional.empty();
    }

    private Optional<CopyClaim> next(Connection target) throws SQLException {
        // Compressing comes first: it makes room.
        Optional<Integer> filled = SliceQueries.claimCompression(target);
        if (filled.isPresent()) {
            return filled.map(compressionOf::apply);
        }
        Optional<Claimed> free = SliceQueries.claimSlice(target, maxUncompressed);
        if (free.isPresent()) {
            return free.map(sliceOf);
        }
        // A slice takes as long as it takes.
        Jdbc.execute(target, "SET LOCAL lock_timeout = 0");
        while (SliceQueries.isAnyOpen(target)) {
            Optional<Claimed> slice = SliceQueries.awaitSlice(target, maxUncompressed);
            if (slice.isPresent()) {
                return slice.map(sliceOf);
            }
            Optional<Integer> compression = SliceQueries.awaitCompression(target);
            if (compression.isPresent()) {
                return compression.map(compressionOf::apply);
            }
        }
        return Optional.empty();
    }

    /** The lock went with the transaction; and if that was committed, the mark says so. */
    @Override
    public boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
        return true;
    }
}
