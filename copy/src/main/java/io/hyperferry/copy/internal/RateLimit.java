package io.hyperferry.copy.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many bytes a second the workers of a run carry together. Each of them waits after a write until what it wrote has
 * been paid for, in the order of the writes. Time in which nothing was owed counts for at most a tenth of a second, so
 * that a pause is followed by no burst, and the limit is reached all the same by writes that take their time.
 *
 * <p>This is no rate limiter of a library because those that were looked at take the limit when they are built: who
 * sleeps under a low limit is not woken by a higher one. Failsafe's also counts in whole nanoseconds a permit, which for
 * bytes is a tenth too fast at 300 MB/s, and a division by zero above 1 GB/s.
 */
final class RateLimit {

    /** More than any machine carries. */
    static final long NONE = Long.MAX_VALUE;

    private static final double SAVED_SECONDS = 0.1;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private long bytesPerSecond;
    private long written;
    private double owed;
    private long settledAt = System.nanoTime();

    RateLimit(long bytesPerSecond) {
        this.bytesPerSecond = checked(bytesPerSecond);
    }

    static long checked(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("rateLimit must be at least 1 byte a second: " + bytesPerSecond);
        }
        return bytesPerSecond;
    }

    /** Sets another limit, also for those that wait. */
    void set(long limit) {
        checked(limit);
        lock.lock();
        try {
            settle();
            bytesPerSecond = limit;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until these bytes have been paid for.
     *
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    void pay(long bytes) throws InterruptedException {
        lock.lock();
        try {
            settle();
            written += bytes;
            owed += bytes;
            long mine = written;
            for (double left = left(mine); left > 0; left = left(mine)) {
                changed.awaitNanos((long) Math.ceil(left / bytesPerSecond * NANOS));
                settle();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return bytesPerSecond == NONE ? "no rate limit" : "at most " + bytesPerSecond + " bytes a second";
        } finally {
            lock.unlock();
        }
    }

    /** What was written after mine is not mine to pay. */
    private double left(long mine) {
        return owed - (written - mine);
    }

    private void settle() {
        long now = System.nanoTime();
        double paid = (now - settledAt) / NANOS * bytesPerSecond;
        settledAt = now;
        owed = Math.max(owed - paid, -SAVED_SECONDS * bytesPerSecond);
    }
}
