package io.hyperferry;

import io.hyperferry.internal.run.Watch;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Has a verb's failure carry the report of what was done before it. */
final class Reported {
    private final Watch watch;
    private final MigrationPlan.Side source;
    private final MigrationPlan.Side target;
    private final Verification verification;

    /**
     * @param source the source, for a failure before it was read
     * @param target the target, likewise
     */
    Reported(Watch watch, String source, String target, Verification verification) {
        this.watch = watch;
        this.source = MigrationPlan.Side.unread(source);
        this.target = MigrationPlan.Side.unread(target);
        this.verification = verification;
    }

    /** The verb, whose failures carry a report. */
    <T> Callable<T> of(Callable<T> verb) {
        return () -> {
            Instant startedAt = Instant.now();
            try {
                return verb.call();
            } catch (MigrationException e) {
                if (e.report() == null) {
                    e.attach(watch.report(e, source, target, verification, startedAt));
                }
                throw e;
            }
        };
    }
}
