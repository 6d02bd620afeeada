package io.hyperferry.testkit;

import static java.util.Objects.requireNonNull;

import io.hyperferry.testkit.internal.ProxiedConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A network between a client and a test server that can be cut and stalled: listens on a port of the loopback device and carries every
 * connection to the server. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;

    private final TestDatabase database;
    private final ServerSocket listener;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final ProxiedConnection.Faults faults = new ProxiedConnection.Faults();
    private final AtomicBoolean down = new AtomicBoolean();

    /** Which way bytes go. */
    public enum Direction {
        /** From the client to the server. */
        TO_SERVER,
        /** From the server to the client. */
        TO_CLIENT
    }

    private TcpProxy(TestDatabase database, ServerSocket listener) {
        this.database = database;
        this.listener = listener;
    }

    /** Listens on a free port for clients of this database. */
    public static TcpProxy before(TestDatabase database) {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            TcpProxy proxy = new TcpProxy(requireNonNull(database, "database"), listener);
            Thread accept = new Thread(proxy::accept, "hyperferry-proxy-" + listener.getLocalPort());
            accept.setDaemon(true);
            accept.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("no port to listen on", e);
        }
    }

    /** {@code postgres://user:password@host:port/name} of the way through here. */
    public String url() {
        return database.url()
                .replace("@" + database.host() + ":" + database.port() + "/", "@" + host() + ":" + port() + "/");
    }

    /** A data source whose connections go through here, under this {@code application_name}. */
    public DataSource dataSource(String applicationName) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {host()});
        dataSource.setPortNumbers(new int[] {port()});
        dataSource.setDatabaseName(database.name());
        dataSource.setUser(database.user());
        dataSource.setPassword(database.password());
        dataSource.setApplicationName(applicationName);
        return dataSource;
    }

    private String host() {
        return listener.getInetAddress().getHostAddress();
    }

    private int port() {
        return listener.getLocalPort();
    }

    /** Breaks the connections that are open; new ones come through. Gives how many it broke. */
    public int cut() {
        List<ProxiedConnection> open = new ArrayList<>(connections);
        open.forEach(ProxiedConnection::cut);
        return open.size();
    }

    /** Breaks the connections that are open, and every new one until {@link #restore}. */
    public void takeDown() {
        down.set(true);
        cut();
    }

    /** Lets nothing through, in both directions, until {@link #restore}. Nobody is told. */
    public void stall() {
        faults.stall(true);
    }

    /** Ends {@link #takeDown} and {@link #stall}: what was held up arrives. Cuts that are still to come are called off. */
    public void restore() {
        down.set(false);
        faults.stall(false);
        faults.callOff();
    }

    /** Breaks, once, the connection that carries the last of these bytes in this direction, counted over all connections from now on. */
    public void cutAfter(long bytes, Direction direction) {
        faults.cutAfter(bytes, direction == Direction.TO_SERVER);
    }

    /**
     * Breaks, once, the connection on which the client sends this text next, after the server has answered and before the client has seen
     * anything of the answer.
     */
    public void cutAnswerTo(String text) {
        faults.cutAnswerTo(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many connections were broken by {@link #cutAfter} and {@link #cutAnswerTo}. */
    public int cuts() {
        return faults.cuts();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                carry(listener.accept());
            } catch (IOException e) {
                // The listener is closed, or a client is gone again: nothing to do for either.
            }
        }
    }

    private void carry(Socket client) throws IOException {
        @Nullable Socket server = null;
        if (!down.get()) {
            server = new Socket();
            try {
                server.connect(new InetSocketAddress(database.host(), database.port()), CONNECT_MILLIS);
            } catch (IOException e) {
                server.close();
                server = null;
            }
        }
        if (server == null) {
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(client, server, faults, connections::remove);
        connections.add(connection);
        connection.start();
    }

    /** Breaks all connections and listens no more. */
    @Override
    public void close() {
        restore();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
