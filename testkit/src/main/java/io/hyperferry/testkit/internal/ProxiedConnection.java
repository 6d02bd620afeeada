package io.hyperferry.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection that is carried across, with what may happen to it on its way. */
public final class ProxiedConnection {

    private static final int BUFFER = 16 * 1024;

    private final Socket client;
    private final Socket server;
    private final Faults faults;
    private final Consumer<ProxiedConnection> ended;
    private final AtomicBoolean broken = new AtomicBoolean();

    /** Whether the server's next words are to be swallowed. */
    private volatile boolean deaf;

    /**
     * A connection.
     *
     * @param ended hears when it is over
     */
    public ProxiedConnection(Socket client, Socket server, Faults faults, Consumer<ProxiedConnection> ended) {
        this.client = client;
        this.server = server;
        this.faults = faults;
        this.ended = ended;
    }

    /** Begins to carry bytes. */
    public void start() {
        pump(client, server, true);
        pump(server, client, false);
    }

    private void pump(Socket from, Socket to, boolean toServer) {
        Thread thread = new Thread(() -> carry(from, to, toServer), "hyperferry-proxy-pump");
        thread.setDaemon(true);
        thread.start();
    }

    private void carry(Socket from, Socket to, boolean toServer) {
        byte[] buffer = new byte[BUFFER];
        byte[] before = new byte[0];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                faults.awaitPassage(broken::get);
                if (toServer) {
                    before = faults.awaited(before, buffer, length, this);
                } else if (deaf) {
                    faults.counted();
                    cut();
                    return;
                }
                int allowed = faults.allowed(length, toServer);
                out.write(buffer, 0, allowed);
                out.flush();
                if (allowed < length) {
                    cut();
                    return;
                }
            }
        } catch (IOException e) {
            // One end is gone, so the other end goes, too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            cut();
        }
    }

    /** Breaks it, so that both ends notice at once. */
    public void cut() {
        if (broken.compareAndSet(false, true)) {
            reset(client);
            reset(server);
            faults.wake();
            ended.accept(this);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    /** What is to happen to the connections of one proxy. Thread-safe. */
    public static final class Faults {

        private boolean stalled;
        private long left = Long.MAX_VALUE;
        private boolean leftToServer;
        private byte @Nullable [] cue;
        private int cuts;

        /** Holds everything up, or lets it go on. */
        public synchronized void stall(boolean now) {
            stalled = now;
            notifyAll();
        }

        /** Says after how many bytes in which direction a connection breaks. */
        public synchronized void cutAfter(long bytes, boolean toServer) {
            left = bytes;
            leftToServer = toServer;
        }

        /** Says to which words of a client the answer is lost. */
        public synchronized void cutAnswerTo(byte[] text) {
            cue = text.clone();
        }

        /** Breaks no connection that has not broken yet. */
        public synchronized void callOff() {
            left = Long.MAX_VALUE;
            cue = null;
        }

        /** How many connections broke because of that. */
        public synchronized int cuts() {
            return cuts;
        }

        private synchronized void counted() {
            cuts++;
        }

        private synchronized void wake() {
            notifyAll();
        }

        private synchronized void awaitPassage(BooleanSupplier broken) throws InterruptedException {
            while (stalled && !broken.getAsBoolean()) {
                wait();
            }
        }

        /** How many of these bytes pass; fewer than there are when the connection breaks here. */
        private synchronized int allowed(int length, boolean toServer) {
            if (left == Long.MAX_VALUE || toServer != leftToServer) {
                return length;
            }
            if (length < left) {
                left -= length;
                return length;
            }
            // A connection that breaks after the last byte of a chunk breaks before it: the rest is never none.
            int passed = (int) Math.min(left, length - 1L);
            left = Long.MAX_VALUE;
            cuts++;
            return passed;
        }

        /** Looks for the cue, also where it came in two pieces; gives what the next look has to begin with. */
        private synchronized byte[] awaited(byte[] before, byte[] buffer, int length, ProxiedConnection connection) {
            if (cue == null) {
                return new byte[0];
            }
            byte[] all = Arrays.copyOf(before, before.length + length);
            System.arraycopy(buffer, 0, all, before.length, length);
            if (contains(all, cue)) {
                cue = null;
                connection.deaf = true;
                return new byte[0];
            }
            return Arrays.copyOfRange(all, Math.max(0, all.length - cue.length + 1), all.length);
        }

        private static boolean contains(byte[] all, byte[] part) {
            for (int from = 0; from + part.length <= all.length; from++) {
                if (Arrays.equals(all, from, from + part.length, part, 0, part.length)) {
                    return true;
                }
            }
            return false;
        }
    }
}
