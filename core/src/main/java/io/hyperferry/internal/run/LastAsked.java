package io.hyperferry.internal.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;

/** Notes which of several sessions got the last statement, so that a failure can name its side. Thread-safe. */
final class LastAsked {
    private static final Set<String> ASKING = Set.of("createStatement", "prepareStatement", "prepareCall");

    private volatile String side;

    /** @param first the side that is named before any statement */
    LastAsked(String first) {
        this.side = first;
    }

    /** Returns the side whose session got the last statement. */
    String side() {
        return side;
    }

    /** Returns a session whose statements are noted. */
    Connection noting(Connection session, String name) {
        return (Connection) Proxy.newProxyInstance(
                LastAsked.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (ASKING.contains(method.getName())) {
                        side = name;
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
