package io.hyperferry.copy.internal;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.copy.internal.BinaryRelay.Relayed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread with one session on each side, which claims and copies task after task. */
final class Worker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private static final String SOURCE = "source";
    private static final String TARGET = "target";

    private final Workers run;
    private final boolean additional;
    private final RetryPolicy<Boolean> policy;
    private final BinaryRelay relay = new BinaryRelay();
    private final Thread thread;

    private volatile @Nullable WriteSession target;
    private volatile @Nullable ReadSession source;
    private volatile boolean working = true;
    private volatile boolean ended;

    private @Nullable CopyTask task;
    private @Nullable CopyClaim claim;
    private boolean committing;

    /** The side that the worker uses at this moment, human-readable; null between the two. */
    private @Nullable String side;

    /** @param additional whether it joins a run that does without it, too */
    Worker(Workers run, String threadName, boolean additional) {
        this.run = run;
        this.additional = additional;
        this.policy = run.retries()
                .policy((fault, retry, pause) ->
                        run.tryingAgain(task, side, fault.getCause() == null ? fault : fault.getCause(), retry, pause));
        this.thread = new Thread(this, threadName);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    String name() {
        return thread.getName();
    }

    boolean additional() {
        return additional;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void run() {
        boolean whole = false;
        try {
            whole = work();
            letGo(true);
        } catch (Throwable e) {
            working = false;
            // Whatever interrupted this thread has done its work; a pool that takes back a connection shall not see it.
            Thread.interrupted();
            run.failed(task, side, e);
            letGo(false);
        } finally {
            ended = true;
            run.ended(this, whole);
        }
    }

    /** @return whether nothing is left that this worker would have to do, as opposed to a stop */
    private boolean work() throws Throwable {
        if (additional && !joins()) {
            return true;
        }
        while (!run.stopping()) {
            if (run.lets(this) || !persistently()) {
                return true;
            }
        }
        return false;
    }

    private boolean joins() throws SQLException {
        try {
            connect();
        } catch (SQLException | RuntimeException e) {
            if (run.doesWithout(this, e)) {
                return false;
            }
            throw e;
        }
        return true;
    }

    /** Copies the next task, in as many tries as it takes and is allowed. */
    private boolean persistently() throws Throwable {
        try {
            return Failsafe.with(policy).get(this::copyNext);
        } catch (PassingFault e) {
            throw e.getCause() == null ? e : e.getCause();
        } catch (FailsafeException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /**
     * Claims a task and copies it.
     *
     * @return false when no work is left
     * @throws PassingFault when that failed, has left nothing, and is to be tried again: with new sessions and a new claim
     */
    private boolean copyNext() throws SQLException {
        claim = null;
        task = null;
        committing = false;
        side = null;
        try {
            connect();
            return claimAndCopy(Objects.requireNonNull(source), Objects.requireNonNull(target));
        } catch (SQLException | RuntimeException e) {
            boolean mayBeCommitted = committing && PassingFault.leavesOpen(e);
            if (!run.stopping() && PassingFault.is(e)) {
                dropSessions();
            }
            if (run.triesAgain(claim, mayBeCommitted, e)) {
                throw new PassingFault(e);
            }
            if (mayBeCommitted && !run.stopping()) {
                throw new SQLException(
                        "whether it was committed is not known: " + SafeErrors.words(e), SafeErrors.sqlState(e), e);
            }
            throw e;
        }
    }

    private boolean claimAndCopy(ReadSession out, WriteSession in) throws SQLException {
        long started = System.nanoTime();
        side = TARGET;
        Optional<CopyClaim> claimed = in.claim(run.queue());
        if (claimed.isEmpty()) {
            run.exhausted();
            return false;
        }
        claim = claimed.get();
        task = claimed.get().task();
        run.tell(new CopyEvent.Started(claimed.get().task()));
        copy(claimed.get(), out, in, started);
        task = null;
        return true;
    }

    /** Takes the sessions that it does not have: all of them in the beginning, and after a failure. */
    private void connect() throws SQLException {
        if (target == null) {
            target = run.openTarget();
        }
        if (source == null) {
            source = run.openSource();
            run.joined(this);
        }
        if (run.stopping()) {
            throw new CancellationException("the run stops");
        }
    }

    private void copy(CopyClaim claim, ReadSession out, WriteSession in, long started) throws SQLException {
        Relayed relayed = new Relayed(0, 0);
        side = SOURCE;
        if (out.begin(claim)) {
            side = TARGET;
            in.begin(claim);
            for (CopyTask.Part part : claim.task().parts()) {
                side = TARGET;
                RowsIn rowsIn = in.write(part);
                side = SOURCE;
                relayed = relayed.plus(relay.carry(out.read(part), noting(rowsIn), run::wrote));
            }
            out.finish(claim);
        }
        out.end();
        side = TARGET;
        CopyResult result = new CopyResult(
                claim.task(), relayed.rows(), relayed.bytes(), Duration.ofNanos(System.nanoTime() - started));
        in.finish(claim, result);
        committing = true;
        in.commit();
        committing = false;
        side = null;
        LOG.debug(
                "Copied {}: {} rows, {} bytes, {}",
                result.task().name(),
                result.rows(),
                result.bytes(),
                result.elapsed());
        run.committed(result);
        claim.committed(result);
        run.tell(new CopyEvent.Finished(result));
    }

    /** Notes while rows are written that the target is used. */
    private RowsIn noting(RowsIn rows) {
        return new RowsIn() {
            @Override
            public boolean binary() {
                return rows.binary();
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws SQLException {
                side = TARGET;
                rows.write(bytes, from, length);
                side = SOURCE;
            }

            @Override
            public long end() throws SQLException {
                side = TARGET;
                long count = rows.end();
                side = SOURCE;
                return count;
            }
        };
    }

    private void dropSessions() {
        letGo(source, false);
        letGo(target, false);
        source = null;
        target = null;
    }

    private void letGo(boolean clean) {
        working = false;
        letGo(source, clean);
        letGo(target, clean);
    }

    private static void letGo(@Nullable Session session, boolean clean) {
        if (session == null) {
            return;
        }
        if (clean) {
            session.handBack();
        } else {
            session.discard();
        }
    }

    /** From another thread: cancels whatever the worker waits for at this moment. */
    void cancel() {
        if (working) {
            thread.interrupt();
        }
        cancel(target);
        cancel(source);
    }

    private static void cancel(@Nullable Session session) {
        if (session != null) {
            session.cancel();
        }
    }

    /** From another thread: closes the sessions under the worker's hands. */
    void abort() {
        WriteSession in = target;
        if (in != null) {
            in.abort();
        }
        ReadSession out = source;
        if (out != null) {
            out.abort();
        }
    }
}
