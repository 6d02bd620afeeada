package io.hyperferry.internal.run;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.copy.CopyTask.Part;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.Reading;
import io.hyperferry.internal.ledger.Recoveries;
import io.hyperferry.internal.ledger.SliceMark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A slice in the hands of a worker, on its way from the source to the target. */
final class SliceClaim implements CopyClaim {
    private final SliceReading source;
    private final SliceWriting target;
    private final int attempt;
    private final SliceDone done;
    private Digest digest = Digest.EMPTY;

    SliceClaim(SliceReading source, SliceWriting target, int attempt, SliceDone done) {
        this.source = source;
        this.target = target;
        this.attempt = attempt;
        this.done = done;
    }

    @Override
    public CopyTask task() {
        return new CopyTask(
                SliceReading.name(target.table(), target.slice()),
                parts(source.queries(), target.statements(source.asTuples())));
    }

    /** What is read, and where it goes. */
    static List<Part> parts(List<String> out, List<String> in) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < out.size(); i++) {
            parts.add(new Part(out.get(i), in.get(i)));
        }
        return parts;
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
    public void beforeWrite(Connection connection) throws SQLException {
        target.begin(connection, source.asTuples());
    }

    @Override
    public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
        digest = source.digestOf(result.rows());
        if (source.reading() == Reading.LATER_SNAPSHOT && source.snapshot() != null) {
            Recoveries.noteSnapshot(
                    connection,
                    attempt,
                    source.snapshot().number(),
                    source.snapshot().id());
        }
        target.mark(connection, new SliceMark(source.reading(), source.asTuples(), digest), source.sizes(), result);
    }

    @Override
    public void committed(CopyResult result) {
        done.done(target.table(), target.slice(), digest.rows(), result);
    }
}
