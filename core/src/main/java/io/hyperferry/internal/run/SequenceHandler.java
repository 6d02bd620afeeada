package io.hyperferry.internal.run;

import io.hyperferry.Step;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.run.Handlers.Mark;
import io.hyperferry.internal.sql.Identifiers;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Sets the target's sequences to where the source's stand now: a slice that was read later than the plan was made must not hold a value that
 * the target hands out again.
 */
final class SequenceHandler implements Handler {
    private final RunContext run;
    private final Step.SetSequences step;

    SequenceHandler(RunContext run, Step.SetSequences step) {
        this.run = run;
        this.step = step;
    }

    private record State(long lastValue, boolean called) {}

    @Override
    public void handle(Mark mark) throws SQLException {
        try (Connection source = run.source().connect()) {
            Jdbc.transact(run.leading(), () -> {
                for (QualifiedName sequence : step.sequences()) {
                    State state = Jdbc.one(
                            source,
                            "SELECT last_value, is_called FROM " + Identifiers.quote(sequence),
                            row -> new State(row.getLong(1), row.getBoolean(2)));
                    Jdbc.query(
                            run.leading(),
                            "SELECT setval(" + Identifiers.regclass(sequence) + ", ?, ?)",
                            row -> row.getLong(1),
                            state.lastValue(),
                            state.called());
                }
                mark.done();
            });
        }
    }
}
