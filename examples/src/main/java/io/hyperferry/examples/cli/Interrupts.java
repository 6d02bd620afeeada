package io.hyperferry.examples.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and termination. The first one cancels what is under way, the second one ends the program at once; while nothing is under
 * way that could be cancelled, the first one ends it.
 *
 * <p>A shutdown hook cannot do that: while hooks run, the virtual machine hears no second signal. {@code sun.misc.Signal} can; it is
 * called by reflection since the compiler warns of it and has no switch for that.
 */
final class Interrupts {
    private static final AtomicReference<@Nullable Runnable> CANCEL = new AtomicReference<>();
    private static final AtomicBoolean CANCELLED = new AtomicBoolean();

    private Interrupts() {}

    /** Something under way that can be cancelled. */
    interface Cancellable extends AutoCloseable {
        @Override
        void close();
    }

    /** Listens to the signals from now on; where the platform has none, it ends the program as ever. */
    static void listen(Console console) {
        for (String signal : new String[] {"INT", "TERM"}) {
            listen(signal, console);
        }
    }

    /** Lets a signal do this until it is closed. */
    static Cancellable cancelBy(Runnable action) {
        CANCEL.set(action);
        return () -> CANCEL.set(null);
    }

    private static void onSignal(Console console) {
        Runnable cancel = CANCEL.get();
        if (cancel != null && CANCELLED.compareAndSet(false, true)) {
            cancel.run();
            return;
        }
        if (CANCELLED.compareAndSet(false, true)) {
            console.say("hyperferry: cancelled");
        }
        Runtime.getRuntime().halt(Exit.CANCELLED);
    }

    private static void listen(String name, Console console) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    onSignal(console);
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "hyperferry";
            };
            Object handler =
                    Proxy.newProxyInstance(Interrupts.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            // The signal does what it does by default: it ends the program, and the ledger knows how far it got.
        }
    }
}
