package io.hyperferry.internal.run;

import io.hyperferry.copy.CopyEngine;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.ParallelQueries;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks source and target in parallel, and asks a question again after a transient failure: as often, and after the same pauses, as copying is
 * retried. Thread-safe.
 */
final class Questions implements ParallelQueries.Recovery {
    private static final Logger log = LoggerFactory.getLogger(Questions.class);

    private final Pace pace;
    private final Events events;
    private final Cancellation cancellation;
    private final RetryLog retryLog;
    private final Random jitter = new Random();

    /** @param retryLog counts what is asked again */
    Questions(Pace pace, Events events, Cancellation cancellation, RetryLog retryLog) {
        this.pace = pace;
        this.events = events;
        this.cancellation = cancellation;
        this.retryLog = retryLog;
    }

    /** Returns queries on the source. */
    ParallelQueries toSource(Endpoint source, String threadNamePrefix) {
        return queries(source, Sides.SOURCE, threadNamePrefix);
    }

    /** Returns queries on the target. */
    ParallelQueries toTarget(Endpoint target, String threadNamePrefix) {
        return queries(target, Sides.TARGET, threadNamePrefix);
    }

    private ParallelQueries queries(Endpoint endpoint, String side, String threadNamePrefix) {
        return new ParallelQueries(
                endpoint.dataSource(), side, pace.parallelism(), threadNamePrefix, this, cancellation);
    }

    @Override
    public boolean awaitRetry(String subject, Exception failure, int retry, Cancellation stop) {
        Optional<String> reason = CopyEngine.passing(failure);
        if (reason.isEmpty() || retry > pace.retries().most()) {
            return false;
        }
        Duration pause = pace.retries().pause(retry, jitter);
        String message = "asking about " + subject + " failed: " + Jdbc.describe(failure);
        log.warn(
                "{}; asking again in {} ms, retry {} of {}",
                message,
                pause.toMillis(),
                retry,
                pace.retries().most());
        events.send(retryLog.addQuestion(subject, reason.get(), message, retry, pause));
        stop.pause(pause);
        return true;
    }
}
