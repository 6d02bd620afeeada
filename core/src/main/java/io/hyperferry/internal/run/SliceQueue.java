package io.hyperferry.internal.run;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Hands out slices through the ledger: a claim is a row lock in the transaction that will carry the rows, so PostgreSQL itself is the
 * queue, and a worker that dies leaves nothing behind.
 */
final class SliceQueue implements CopyQueue {
    private final IntFunction<CopyClaim> claimOf;

    /** A queue that makes claims of the positions that it claims. */
    SliceQueue(IntFunction<CopyClaim> claimOf) {
        this.claimOf = claimOf;
    }

    @Override
    public Optional<CopyClaim> claim(Connection target) throws SQLException {
        // Waiting for another's row lock needs to see what it committed.
        Jdbc.execute(target, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
        Optional<Integer> free = Ledger.claimSlice(target);
        if (free.isPresent()) {
            return free.map(claimOf::apply);
        }
        // A slice takes as long as it takes.
        Jdbc.execute(target, "SET LOCAL lock_timeout = 0");
        while (Ledger.openSlices(target) > 0) {
            Optional<Integer> left = Ledger.awaitSlice(target);
            if (left.isPresent()) {
                return left.map(claimOf::apply);
            }
        }
        return Optional.empty();
    }
}
