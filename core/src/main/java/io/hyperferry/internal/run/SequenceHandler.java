package io.hyperferry.internal.run;

import io.hyperferry.Step;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.run.Handlers.Mark;
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

    @Override
    public void handle(Mark mark) throws SQLException {
        try (Connection source = run.source().connect()) {
            Jdbc.transact(run.leading(), () -> {
                Sequences.set(source, run.leading(), step.sequences());
                mark.done();
            });
        }
    }
}
