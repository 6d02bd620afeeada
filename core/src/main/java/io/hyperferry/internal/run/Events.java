package io.hyperferry.internal.run;

import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener, one event at a time. Thread-safe. */
public final class Events {
    private static final Logger log = LoggerFactory.getLogger(Events.class);

    private final MigrationListener listener;

    public Events(MigrationListener listener) {
        this.listener = listener;
    }

    synchronized void send(MigrationEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException e) {
            log.warn("the listener failed on {}", event.getClass().getSimpleName(), e);
        }
    }
}
