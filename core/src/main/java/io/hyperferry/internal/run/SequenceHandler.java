package io.hyperferry.internal.run;

import io.hyperferry.Step;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.run.Handlers.Mark;
import java.sql.SQLException;

/** Sets the target's sequences to where the source's stand. */
final class SequenceHandler implements Handler {
    private final RunContext run;
    private final Step.SetSequences step;

    SequenceHandler(RunContext run, Step.SetSequences step) {
        this.run = run;
        this.step = step;
    }

    @Override
    public void handle(Mark mark) throws SQLException {
        Jdbc.transact(run.leading(), () -> {
            run.source().setSequences(run.leading(), step.sequences());
            mark.done();
        });
    }
}
