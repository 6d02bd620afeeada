package io.hyperferry.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The servers of this JVM: one per role, started when a test first needs it. A server that did not start is not
 * tried again: every test that needs it fails at once with the first failure. Thread-safe.
 */
final class Servers {

    private static final Map<Role, FutureTask<TimescaleServer>> BY_ROLE = new ConcurrentHashMap<>();

    private Servers() {}

    static TimescaleServer of(Role role) {
        FutureTask<TimescaleServer> server =
                BY_ROLE.computeIfAbsent(role, key -> new FutureTask<>(() -> TimescaleServer.start(key)));
        server.run();
        try {
            return server.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the " + role + " server starts", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the " + role + " server did not start: " + e.getCause(), e);
        }
    }
}
