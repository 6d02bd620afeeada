package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener, one event at a time. Thread-safe. */
public final class Events {
    private static final Logger log = LoggerFactory.getLogger(Events.class);

    private final MigrationListener listener;
    private final Watch watch;

    public Events(MigrationListener listener, Watch watch) {
        this.listener = listener;
        this.watch = watch;
    }

    Watch watch() {
        return watch;
    }

    /** Tells of an event. Whatever the listener throws, also what it has not declared, changes nothing. */
    public synchronized void send(MigrationEvent event) {
        watch.onEvent(event);
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            log.warn("the listener failed on {}", event.getClass().getSimpleName(), e);
        }
    }
}
