package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Something that happened in a run. A task that was started and then cancelled, or fell with the failure of another,
 * has no second event; one that is tried again is started again.
 */
public sealed interface CopyEvent {

    /**
     * A worker has claimed a task.
     *
     * @param task the task
     */
    record Started(CopyTask task) implements CopyEvent {

        /** Makes an event. */
        public Started {
            requireNonNull(task, "task");
        }
    }

    /**
     * How far the run is. Comes about once a second while bytes move.
     *
     * @param tasks the tasks committed so far
     * @param rows the rows of those tasks
     * @param bytes the bytes written so far, those of tasks under way included
     * @param elapsed since the start of the run
     */
    record Progress(long tasks, long rows, long bytes, Duration elapsed) implements CopyEvent {

        /** Makes an event. */
        public Progress {
            requireNonNull(elapsed, "elapsed");
        }
    }

    /**
     * A task is committed on the target.
     *
     * @param result what it did
     */
    record Finished(CopyResult result) implements CopyEvent {

        /** Makes an event. */
        public Finished {
            requireNonNull(result, "result");
        }
    }

    /**
     * A task, or a worker without one, failed for a reason that may pass, and is tried again after a pause. The task goes back to the
     * queue meanwhile, so any worker can be the one that tries.
     *
     * @param failure what happened
     * @param retry which retry in a row it is for the worker, from 1
     * @param pause how long the worker waits
     */
    record Retrying(CopyException failure, int retry, Duration pause) implements CopyEvent {

        /** Makes an event. */
        public Retrying {
            requireNonNull(failure, "failure");
            requireNonNull(pause, "pause");
        }
    }

    /**
     * A task failed, or a worker failed without one.
     *
     * @param failure what happened
     */
    record Failed(CopyException failure) implements CopyEvent {

        /** Makes an event. */
        public Failed {
            requireNonNull(failure, "failure");
        }
    }
}
