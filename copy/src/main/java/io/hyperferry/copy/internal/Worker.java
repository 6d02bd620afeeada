package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import io.hyperferry.copy.internal.BinaryRelay.Relayed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread with one session on each side, which claims and copies task after task. */
final class Worker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Workers run;
    private final boolean additional;
    private final BinaryRelay relay = new BinaryRelay();
    private final Thread thread;

    private volatile @Nullable WriteSession target;
    private volatile @Nullable ReadSession source;
    private volatile boolean working = true;
    private volatile boolean ended;

    private @Nullable CopyTask task;

    /** @param additional whether it joins a run that does without it, too */
    Worker(Workers run, String threadName, boolean additional) {
        this.run = run;
        this.additional = additional;
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
            run.failed(task, e);
            letGo(false);
        } finally {
            ended = true;
            run.ended(this, whole);
        }
    }

    /** @return whether nothing is left that this worker would have to do, as opposed to a stop */
    private boolean work() throws SQLException {
        WriteSession in;
        ReadSession out;
        try {
            in = run.openTarget();
            target = in;
            out = run.openSource();
            source = out;
        } catch (SQLException | RuntimeException e) {
            if (run.doesWithout(this, e)) {
                return true;
            }
            throw e;
        }
        run.joined(this);
        while (!run.stopping()) {
            if (run.lets(this)) {
                return true;
            }
            long started = System.nanoTime();
            Optional<CopyClaim> claim = in.claim(run.queue());
            if (claim.isEmpty()) {
                run.exhausted();
                return true;
            }
            task = claim.get().task();
            run.tell(new CopyEvent.Started(claim.get().task()));
            // The place to try again after a transient failure: with new sessions and a new claim.
            copy(claim.get(), out, in, started);
            task = null;
        }
        return false;
    }

    private void copy(CopyClaim claim, ReadSession out, WriteSession in, long started) throws SQLException {
        Relayed relayed = new Relayed(0, 0);
        if (out.begin(claim)) {
            in.begin(claim);
            for (CopyTask.Part part : claim.task().parts()) {
                RowsIn rowsIn = in.write(part);
                relayed = relayed.plus(relay.carry(out.read(part), rowsIn, run::wrote));
            }
            out.finish(claim);
        }
        out.end();
        CopyResult result = new CopyResult(
                claim.task(), relayed.rows(), relayed.bytes(), Duration.ofNanos(System.nanoTime() - started));
        in.commit(claim, result);
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
