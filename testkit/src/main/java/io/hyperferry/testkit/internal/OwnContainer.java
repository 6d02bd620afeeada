package io.hyperferry.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;

/** A server in a container that can be ended and started again: its port stays the same, and so does what is on its disk. */
public final class OwnContainer implements AutoCloseable {

    /** Where a small disk is, if there is one; what is on it does not outlive an end of the server. */
    public static final String SMALL_DISK = "/small";

    private static final long COMMAND_SECONDS = 60;

    private final GenericContainer<?> container;
    private final ServerAddress address;

    private OwnContainer(GenericContainer<?> container, ServerAddress address) {
        this.container = container;
        this.address = address;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param smallDiskMegabytes the size of its small disk; 0 for none
     */
    public static OwnContainer start(String image, String role, int smallDiskMegabytes) {
        GenericContainer<?> container = ServerContainer.container(image, role);
        // Docker would choose another free port at each start.
        container.setPortBindings(
                List.of(freePort() + ":" + container.getExposedPorts().get(0)));
        if (smallDiskMegabytes > 0) {
            container.withTmpFs(Map.of(SMALL_DISK, "rw,mode=1777,size=" + smallDiskMegabytes + "m"));
        }
        container.start();
        return new OwnContainer(container, ServerContainer.address(container));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /** Where it is. */
    public ServerAddress address() {
        return address;
    }

    /**
     * Sends a signal to the server's first process, and waits until the container has ended.
     *
     * @param signal a name without SIG
     */
    public void end(String signal) {
        docker("kill", "--signal", signal, container.getContainerId());
        while (container.isRunning()) {
            ServerContainer.pause();
        }
    }

    /** Starts it again, and waits until it answers. */
    public void startAgain() {
        docker("start", container.getContainerId());
        ServerContainer.awaitAnswer(container, address);
    }

    private static void docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("failed: " + command);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("docker cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during: " + command, e);
        }
    }

    /** Removes it, and all that it has. */
    @Override
    public void close() {
        container.stop();
    }
}
