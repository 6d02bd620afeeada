package io.hyperferry.examples.cli;

import io.hyperferry.MigrationEvent;

/** Reports what keeps a command waiting: locks of other sessions, and retries unless it is quiet. Shows no progress. */
final class Notices implements ProgressDisplay {
    private final Console console;
    private final boolean quiet;

    /** @param quiet whether retries are not reported */
    Notices(Console console, boolean quiet) {
        this.console = console;
        this.quiet = quiet;
    }

    @Override
    public void onEvent(MigrationEvent event) {
        if (event instanceof MigrationEvent.WaitingForLock waiting) {
            console.say("hyperferry: " + waiting.message());
        } else if (event instanceof MigrationEvent.Retrying retrying && !quiet) {
            console.say("hyperferry: " + PlainProgress.describe(retrying));
        } else if (event instanceof MigrationEvent.Restarting restarting && !quiet) {
            console.say("hyperferry: " + PlainProgress.describe(restarting));
        }
    }

    @Override
    public void close() {}
}
