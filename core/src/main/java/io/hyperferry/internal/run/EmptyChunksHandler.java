package io.hyperferry.internal.run;

import io.hyperferry.Step;
import io.hyperferry.Step.EmptyChunk;
import io.hyperferry.catalog.CompressedChunks;
import io.hyperferry.catalog.CompressedRelation;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.SliceQueries;
import io.hyperferry.internal.plan.LayoutDifference;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.run.Handlers.Mark;
import io.hyperferry.internal.sql.CompressedSql;
import io.hyperferry.internal.sql.Identifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compresses chunks while they are empty, and finds out whether the relations that this makes can take the source's compressed tuples. Each chunk
 * is decided in a transaction of its own.
 */
final class EmptyChunksHandler implements Handler {
    private final RunContext run;
    private final Step.CompressEmptyChunks step;

    EmptyChunksHandler(RunContext run, Step.CompressEmptyChunks step) {
        this.run = run;
        this.step = step;
    }

    @Override
    public void handle(Mark mark) throws SQLException {
        Set<Integer> decided = SliceQueries.decided(run.leading());
        List<EmptyChunk> open = step.chunks().stream()
                .filter(it -> !decided.contains(it.slice()))
                .toList();
        CompressedChunks target = CompressedChunks.of(run.leading());
        AtomicInteger next = new AtomicInteger();
        run.sessions("compress").run(open.size(), (connection, stop) -> {
            for (int i = next.getAndIncrement(); i < open.size() && !stop.isCancelled(); i = next.getAndIncrement()) {
                EmptyChunk chunk = open.get(i);
                Jdbc.transact(connection, () -> decide(connection, chunk, target));
            }
        });
        Jdbc.transact(run.leading(), mark::done);
    }

    private void decide(Connection connection, EmptyChunk empty, CompressedChunks target) throws SQLException {
        QualifiedName chunk = Jdbc.one(
                connection,
                CompressedSql.named(empty.sql()),
                row -> new QualifiedName(row.getString("nspname"), row.getString("relname")));
        Optional<CompressedRelation> relation = target.find(connection, chunk);
        Optional<String> difference = relation.isEmpty()
                ? Optional.of("the target's role may not write compressed tuples")
                : LayoutDifference.between(step.layout(), relation.get().layout());
        if (difference.isEmpty()) {
            SliceQueries.acceptTuples(
                    connection,
                    empty.slice(),
                    Identifiers.quote(relation.orElseThrow().name()));
            return;
        }
        if (run.plan().options().export() != null) {
            throw new StepFailure(
                    ImportClaim.UNFIT.replace("%s", "chunk " + chunk + " of " + step.table()) + ": " + difference.get(),
                    null);
        }
        Jdbc.execute(connection, empty.undo());
        SliceQueries.refuseTuples(connection, empty.slice(), difference.get());
    }
}
