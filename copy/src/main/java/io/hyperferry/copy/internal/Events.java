package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyListener;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener of events: one at a time, of progress now and then, and whatever it throws. */
public final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final long BETWEEN_PROGRESS = TimeUnit.SECONDS.toNanos(1);

    private final CopyListener listener;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicLong lastProgress = new AtomicLong(System.nanoTime());

    public Events(CopyListener listener) {
        this.listener = listener;
    }

    void tell(CopyEvent event) {
        turn.lock();
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            LOG.warn("The listener {} threw on {}", listener, event.getClass().getSimpleName(), e);
        } finally {
            turn.unlock();
        }
    }

    /** Tells of progress when it is time. */
    void progress(Supplier<CopyEvent> event) {
        long last = lastProgress.get();
        long now = System.nanoTime();
        if (now - last < BETWEEN_PROGRESS || !lastProgress.compareAndSet(last, now)) {
            return;
        }
        if (turn.tryLock()) {
            try {
                tell(event.get());
            } finally {
                turn.unlock();
            }
        }
    }
}
