package io.hyperferry.internal.run;

import io.hyperferry.DigestMethod;
import io.hyperferry.RepairReport.Repair;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.slice.SliceLocation;
import io.hyperferry.internal.sql.DigestSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Ranges of a table in the hands of a worker that changed on the source. What is copied is digested in the transaction that reads it, and the
 * ledger gets these digests in the transaction that writes it.
 */
final class CatchUpClaim implements CopyClaim {
    private final RepairClaim replacing;
    private final RepairClaim.Job job;
    private final DigestMethod method;
    private final List<String> notes;
    private final CatchUpTable table;
    private Map<Integer, Digest> digests = Map.of();

    /**
     * A claim.
     *
     * @param method how rows are digested
     * @param notes statements about continuous aggregates over the table, in the same transaction
     * @param table knows what the ledger is to be told
     */
    CatchUpClaim(
            RepairClaim.Job job, DigestMethod method, List<String> notes, CatchUpTable table, Consumer<Repair> done) {
        this.replacing = new RepairClaim(job, done);
        this.job = job;
        this.method = method;
        this.notes = List.copyOf(notes);
        this.table = table;
    }

    @Override
    public CopyTask task() {
        return replacing.task();
    }

    @Override
    public BeforeRead beforeRead(Connection source) throws SQLException {
        return replacing.beforeRead(source);
    }

    @Override
    public void afterRead(Connection source) throws SQLException {
        Jdbc.execute(source, Sessions.SETTLE_DIGESTS);
        Jdbc.execute(source, Sessions.ONE_OF_SEVERAL);
        Map<Integer, Digest> found = new HashMap<>();
        for (SliceLocation location : replacing.copied()) {
            found.put(
                    location.slice().position(),
                    Jdbc.one(source, DigestSql.ofRows(job.table(), location.rows(), method), Digest::of));
        }
        digests = found;
        replacing.afterRead(source);
    }

    @Override
    public void beforeWrite(Connection target) throws SQLException {
        replacing.beforeWrite(target);
    }

    @Override
    public void beforeCommit(Connection target, CopyResult result) throws SQLException {
        long counted = digests.values().stream().mapToLong(Digest::rows).sum();
        if (result.rows() != counted) {
            throw new SQLException("copied " + result.rows() + " rows where the same transaction counted " + counted);
        }
        replacing.beforeCommit(target, result);
        for (String note : notes) {
            Jdbc.execute(target, note);
        }
        table.note(target, job.ranges(), digests);
    }

    @Override
    public void committed(CopyResult result) {
        replacing.committed(result);
    }
}
