package io.hyperferry.internal.run;

import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.ParallelQueries;

/**
 * What the parts of a verification, a repair or a catch-up share, over all its restarts.
 *
 * @param source the source
 * @param target the target
 * @param pace how fast to work
 * @param events notified of retries
 * @param cancellation ends the work
 * @param retryLog counts retries
 */
record VerbContext(
        Endpoint source, Endpoint target, Pace pace, Events events, Cancellation cancellation, RetryLog retryLog) {
    /** Returns queries on the source. */
    ParallelQueries sourceQueries(String threadNamePrefix) {
        return questions().toSource(source, threadNamePrefix);
    }

    /** Returns queries on the target. */
    ParallelQueries targetQueries(String threadNamePrefix) {
        return questions().toTarget(target, threadNamePrefix);
    }

    private Questions questions() {
        return new Questions(pace, events, cancellation, retryLog);
    }
}
