package io.hyperferry;

import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.run.CancellableTask;
import io.hyperferry.internal.run.Events;
import io.hyperferry.internal.run.Pace;
import io.hyperferry.internal.run.Watch;
import java.util.concurrent.Callable;

/** A migration under way on a thread of its own. Thread-safe. */
public final class MigrationRun {
    private final Pace pace;
    private final Events events;
    private final Watch watch;
    private final CancellableTask<MigrationReport> task;

    private MigrationRun(Pace pace, Events events, Watch watch, CancellableTask<MigrationReport> task) {
        this.pace = pace;
        this.events = events;
        this.watch = watch;
        this.task = task;
    }

    static MigrationRun start(
            Cancellation cancellation, Pace pace, Events events, Watch watch, Callable<MigrationReport> work) {
        Callable<MigrationReport> told = () -> {
            try {
                return work.call();
            } catch (VerificationException e) {
                // Both sides were compared, and the listener has heard of it.
                throw e;
            } catch (RuntimeException e) {
                events.send(new MigrationEvent.Failed(e));
                throw e;
            }
        };
        return new MigrationRun(pace, events, watch, CancellableTask.start("hyperferry-run", cancellation, told));
    }

    /**
     * Cancels and returns at once. Slices under way are rolled back; what was committed stays, and the same migration can go on later.
     * Does nothing to a run that has ended.
     */
    public void cancel() {
        task.cancel();
    }

    /**
     * Changes the number of workers from now on, and returns at once. While rows are copied, more start immediately, each with a connection to
     * each side; one that gets none is left out with a warning in the log, and asking again tries again. Fewer means that the surplus ends
     * after the slices that it has, and gives its connections back. Before rows are copied it takes effect when that begins; steps that work
     * in parallel afterwards, like building indexes, begin with the number that holds then. It ends with the run: one that goes on with it
     * later has the number of its {@link Migration#parallelism(int)}.
     *
     * @throws IllegalArgumentException when it is less than 1
     * @see MigrationPlan#connectionsRequired(int)
     */
    public void parallelism(int workers) {
        pace.parallelism(workers);
    }

    /**
     * Limits what is copied from now on, all workers together, in place of the limit that was; see {@link Migration#rateLimit(long)}. It also
     * holds for slices under way, and for the rows that are yet to be copied when copying has not begun.
     *
     * @param bytesPerSecond in bytes a second
     * @throws IllegalArgumentException when it is less than 1
     */
    public void rateLimit(long bytesPerSecond) {
        pace.rateLimit(bytesPerSecond);
    }

    /** Takes the limit away, if there is one. */
    public void liftRateLimit() {
        pace.rateLimit(Pace.NO_RATE_LIMIT);
    }

    /**
     * Pauses, and returns at once. Slices under way are finished and committed, then no other begins; a step that copies no rows goes on to
     * its end, then no other begins. Until {@link #resume}, the run keeps its connections, all of them outside of transactions but one: with
     * {@link Consistency#SNAPSHOT}, the leading one to the source holds the snapshot as long as rows are to be copied, so the source cannot
     * vacuum what is newer. It holds the lock of the run in the target, and no lock on any table. Workers that joined the run from elsewhere are not
     * paused. Does nothing to a run that is paused or has ended.
     */
    public void pause() {
        if (!isDone() && pace.pause()) {
            events.send(new MigrationEvent.Paused());
        }
    }

    /** Goes on after {@link #pause}, and returns at once. Does nothing to a run that is not paused. */
    public void resume() {
        if (pace.resume() && !isDone()) {
            events.send(new MigrationEvent.Resumed());
        }
    }

    /** How far it is at this moment; can be asked at any time and from any thread, also when it has ended. */
    public MigrationProgress progress() {
        return watch.progress(pace.isPaused() && !isDone());
    }

    /** Whether it has ended. */
    public boolean isDone() {
        return task.isDone();
    }

    /**
     * Waits for the end. Interrupting the waiting thread cancels the run and waits until it has stopped; the interrupt flag is set again.
     *
     * @return the report of a run in which everything was done and both sides are identical
     * @throws MigrationException as {@link Migration#run} does; {@link MigrationCancelledException} after {@link #cancel}
     */
    public MigrationReport await() {
        return task.await();
    }
}
