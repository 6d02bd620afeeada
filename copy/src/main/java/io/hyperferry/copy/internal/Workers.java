package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyCancelledException;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopySummary;
import io.hyperferry.copy.CopyTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers of one run: what they share, how they stop, and what comes out. */
public final class Workers {

    /** The rate limit of a run that has none. */
    public static final long NO_RATE_LIMIT = RateLimit.NONE;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final ReadSessions source;
    private final WriteSessions sink;
    private final CopyQueue queue;
    private final Events events;
    private final String threadNamePrefix;
    private final RateLimit rateLimit;
    private final Retries retries;
    private final RetryCount retryCount = new RetryCount();
    private final Crew crew = new Crew();
    private final Gate gate = new Gate();

    private final long started = System.nanoTime();
    private final LongAdder tasks = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder committedBytes = new LongAdder();
    private final AtomicLong writtenBytes = new AtomicLong();

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile boolean reached;

    // Guarded by this.
    private boolean cutShort;
    private final List<CopyException> failures = new ArrayList<>();
    private boolean cancelled;
    private @Nullable CopySummary summary;
    private @Nullable RuntimeException outcome;

    public Workers(
            ReadSessions source,
            WriteSessions sink,
            CopyQueue queue,
            long rateLimit,
            Retries retries,
            String threadNamePrefix,
            Events events) {
        this.source = source;
        this.sink = sink;
        this.queue = queue;
        this.events = events;
        this.threadNamePrefix = threadNamePrefix;
        this.rateLimit = new RateLimit(rateLimit);
        this.retries = retries;
    }

    /** The number of workers, when a run can have so many. */
    public static int checkedParallelism(int workers) {
        return Crew.checked(workers);
    }

    /** The bytes a second, when a run can be limited to so many. */
    public static long checkedRateLimit(long bytesPerSecond) {
        return RateLimit.checked(bytesPerSecond);
    }

    public void start(int count) {
        LOG.info(
                "Copying with {} workers, {}, {}, on threads {}-1 and up", count, rateLimit, retries, threadNamePrefix);
        start(crew.resize(count, number -> worker(number, false)));
    }

    public void parallelism(int count) {
        List<Worker> more = crew.resize(count, number -> worker(number, true));
        if (!more.isEmpty()) {
            LOG.info("{} workers join, {} and up", more.size(), more.get(0).name());
        }
        start(more);
        gate.askAgain();
    }

    public void pause() {
        gate.shut();
        LOG.info("Copying pauses: tasks under way are finished, no other is claimed");
    }

    public void resume() {
        gate.open();
        LOG.info("Copying goes on");
    }

    private Worker worker(int number, boolean additional) {
        return new Worker(this, threadNamePrefix + "-" + number, additional);
    }

    private void start(List<Worker> workers) {
        for (Worker worker : workers) {
            try {
                worker.start();
            } catch (Throwable e) {
                // No thread to be had: this one counts as ended, and if it was counted on, the others stop.
                boolean dispensable = doesWithout(worker, e);
                if (!dispensable) {
                    failed(null, null, e);
                }
                ended(worker, dispensable);
            }
        }
    }

    public void rateLimit(long bytesPerSecond) {
        rateLimit.set(bytesPerSecond);
        LOG.info("Copying goes on with {}", rateLimit);
    }

    public CopySummary await() {
        try {
            done.await();
        } catch (InterruptedException e) {
            cancel();
            awaitStop();
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (outcome != null) {
                throw outcome;
            }
            if (summary == null) {
                throw new IllegalStateException("a run that is done has an outcome");
            }
            return summary;
        }
    }

    /** A stop takes two seconds at most, so this needs no interrupt. */
    private void awaitStop() {
        boolean waiting = true;
        while (waiting) {
            try {
                done.await();
                waiting = false;
            } catch (InterruptedException again) {
                LOG.debug("Interrupted again while the run stops", again);
            }
        }
    }

    public void cancel() {
        synchronized (this) {
            if (done.getCount() == 0 || stopping) {
                return;
            }
            cancelled = true;
            stopping = true;
        }
        new Stopper(this, crew.close(), threadNamePrefix).start();
    }

    public boolean isDone() {
        return done.getCount() == 0;
    }

    // For workers.

    boolean stopping() {
        return stopping;
    }

    CopyQueue queue() {
        return queue;
    }

    ReadSession openSource() throws SQLException {
        try {
            return source.open();
        } catch (SQLException e) {
            throw new SQLException("no connection to the source: " + SafeErrors.words(e), e.getSQLState(), e);
        }
    }

    WriteSession openTarget() throws SQLException {
        try {
            return sink.open();
        } catch (SQLException e) {
            throw new SQLException("no connection to the target: " + SafeErrors.words(e), e.getSQLState(), e);
        }
    }

    void joined(Worker worker) {
        reached = true;
        crew.joined(worker);
    }

    Retries retries() {
        return retries;
    }

    /**
     * Whether it is tried again after this failure, which left nothing but perhaps a commit. The task is back in the queue then.
     *
     * @param claim what failed, or null when no task was claimed
     */
    boolean triesAgain(@Nullable CopyClaim claim, boolean mayBeCommitted, Throwable error) {
        // Before anybody was connected, a server that cannot be reached is more likely a wrong address.
        if (stopping || !PassingFault.is(error) || (!reached && PassingFault.isOfConnection(error))) {
            return false;
        }
        return claim == null
                || (retryCount.failed(claim.task().name()) <= retries.most() && queue.takeBack(claim, mayBeCommitted));
    }

    void tryingAgain(@Nullable CopyTask task, @Nullable String side, Throwable error, int retry, Duration pause) {
        CopyException failure = Failures.of(task, side, error);
        LOG.warn(
                "{}; trying again in {} ms, retry {} of {}",
                failure.getMessage(),
                pause.toMillis(),
                retry,
                retries.most());
        retryCount.tryingAgain(failure.sqlState().orElse(error.getClass().getSimpleName()));
        tell(new CopyEvent.Retrying(failure, retry, pause));
    }

    /** Whether a worker that could not join is no failure of the run. */
    boolean doesWithout(Worker worker, Throwable error) {
        if (worker.additional() && stopping) {
            LOG.debug("{} could not join a run that stops", worker.name(), error);
        } else if (worker.additional()) {
            LOG.warn("{} could not join, copying goes on without it: {}", worker.name(), SafeErrors.words(error));
        }
        return worker.additional();
    }

    /** Whether a worker is to end because there are more than are wanted; waits for the answer while the run is paused. */
    boolean lets(Worker worker) {
        boolean goes;
        try {
            goes = gate.leaves(() -> crew.lets(worker));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while the run was paused");
        }
        if (goes) {
            LOG.info("{} goes, there are enough without it", worker.name());
        }
        return goes;
    }

    /** Hears that no work is left, so that no worker need come any more. */
    void exhausted() {
        crew.close();
    }

    void tell(CopyEvent event) {
        events.tell(event);
    }

    void wrote(long bytes) {
        if (stopping) {
            throw new CancellationException("the run stops");
        }
        long written = writtenBytes.addAndGet(bytes);
        events.progress(() -> new CopyEvent.Progress(tasks.sum(), rows.sum(), written, elapsed()));
        try {
            rateLimit.pay(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while the rate limit made it wait");
        }
    }

    void committed(CopyResult result) {
        tasks.increment();
        rows.add(result.rows());
        committedBytes.add(result.bytes());
        retryCount.done(result.task().name());
    }

    void failed(@Nullable CopyTask task, @Nullable String side, Throwable error) {
        CopyException failure;
        boolean first;
        synchronized (this) {
            if (stopping && Stopper.causes(error)) {
                LOG.debug("A worker stopped", error);
                return;
            }
            failure = Failures.of(task, side, error);
            if (done.getCount() == 0) {
                LOG.warn("A worker that was left behind failed", failure);
                return;
            }
            failures.add(failure);
            first = !stopping;
            stopping = true;
        }
        if (first) {
            new Stopper(this, crew.close(), threadNamePrefix).start();
        }
        tell(new CopyEvent.Failed(failure));
    }

    /** @param whole whether the worker left nothing undone */
    void ended(Worker worker, boolean whole) {
        synchronized (this) {
            cutShort |= !whole;
        }
        if (crew.ended(worker)) {
            finish();
        }
    }

    // For the stopper.

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return done.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the run without the workers that do not stop. */
    void leaveBehind() {
        synchronized (this) {
            cutShort = true;
        }
        finish();
    }

    private synchronized void finish() {
        if (done.getCount() == 0) {
            return;
        }
        CopySummary all =
                new CopySummary(tasks.sum(), rows.sum(), committedBytes.sum(), elapsed(), retryCount.byState());
        summary = all;
        outcome = outcome(all);
        if (outcome == null) {
            LOG.info("Copied {} tasks: {} rows, {} bytes, {}", all.tasks(), all.rows(), all.bytes(), all.elapsed());
        }
        done.countDown();
    }

    private @Nullable RuntimeException outcome(CopySummary all) {
        List<CopyException> others = new ArrayList<>(failures);
        RuntimeException error;
        if (cancelled && (cutShort || !failures.isEmpty())) {
            error = new CopyCancelledException(all);
        } else if (!failures.isEmpty()) {
            error = others.remove(0);
        } else {
            return null;
        }
        others.forEach(error::addSuppressed);
        return error;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
