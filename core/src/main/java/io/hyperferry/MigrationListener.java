package io.hyperferry;

import java.util.Objects;

/**
 * Hears what happens in a run. Called by one thread at a time, in order; an exception that it throws is logged with its stack and
 * changes nothing.
 */
@FunctionalInterface
public interface MigrationListener {
    /** Something happened. Must not take long: the run waits. */
    void onEvent(MigrationEvent event);

    /** A listener that tells this one first and then another, also when this one throws. */
    default MigrationListener andThen(MigrationListener other) {
        Objects.requireNonNull(other, "other");
        return event -> {
            try {
                onEvent(event);
            } finally {
                other.onEvent(event);
            }
        };
    }
}
