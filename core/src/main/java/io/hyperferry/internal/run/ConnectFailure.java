package io.hyperferry.internal.run;

import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.PrivilegeSql;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Why a side cannot be connected to, and what to do about it: by what the driver, the server or a pool says.
 *
 * @param cause what happened, as part of a sentence
 * @param remedy what to do
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
record ConnectFailure(String cause, String remedy) {
    private static final String UNABLE_TO_CONNECT = "08001";
    private static final String NO_PASSWORD = "no password was provided";

    /** What keeps from connecting to a side. */
    static ConnectFailure of(SQLException failure, Endpoint side) {
        String said = Jdbc.describe(failure);
        if (find(failure, PSQLException.class) == null) {
            return ofDataSource(failure, said);
        }
        return ofTls(failure, said)
                .or(() -> ofNetwork(failure, said))
                .orElseGet(() -> ofServer(String.valueOf(stateOf(failure)), said, side));
    }

    private static ConnectFailure ofDataSource(SQLException failure, String said) {
        return new ConnectFailure(
                "the data source gave no connection: "
                        + (failure.getSQLState() == null ? String.valueOf(failure.getMessage()) : said),
                "Check that the pool is open, and that it has as many free connections as MigrationPlan.connectionsRequired says.");
    }

    private static Optional<ConnectFailure> ofTls(SQLException failure, String said) {
        // The driver has no type for a host name that is another, but names its verifier in every language.
        boolean ofVerifier = messages(failure).contains("hostnameverifier");
        if (ofVerifier
                || find(failure, SSLException.class) != null
                || find(failure, CertificateException.class) != null) {
            return Optional.of(new ConnectFailure(
                    "TLS fails: " + said,
                    "Check sslmode, and sslrootcert: the file with the certificate of the authority that signed the server's."
                            + " With verify-full, the host name has to be one of those in the server's certificate."));
        }
        return messages(failure).contains("does not support ssl")
                ? Optional.of(
                        new ConnectFailure(
                                "the server has no TLS, and sslmode asks for it",
                                "Have the server use TLS (ssl = on), or connect without it (sslmode=prefer or disable) where the network is trusted."))
                : Optional.empty();
    }

    private static Optional<ConnectFailure> ofNetwork(SQLException failure, String said) {
        @Nullable UnknownHostException unknown = find(failure, UnknownHostException.class);
        if (unknown != null) {
            return Optional.of(
                    new ConnectFailure(
                            "its host name is not known here: " + unknown.getMessage(),
                            "Check the host in the URL, and that this machine can look it up. JDBC takes no path of a Unix socket: name a host."));
        }
        // The driver gives up the whole attempt without a cause.
        boolean gaveUp = UNABLE_TO_CONNECT.equals(stateOf(failure)) && failure.getCause() == null;
        if (gaveUp || find(failure, SocketTimeoutException.class) != null) {
            return Optional.of(
                    new ConnectFailure(
                            "nothing answered in time: " + said,
                            "Check host and port, and whether a firewall drops the packets; connect_timeout in the URL has the seconds to wait."));
        }
        if (find(failure, ConnectException.class) != null || find(failure, NoRouteToHostException.class) != null) {
            return Optional.of(
                    new ConnectFailure(
                            "nothing accepts connections there: " + said,
                            "Check host and port, that the server runs, and that it listens on that address (listen_addresses)."));
        }
        return Optional.empty();
    }

    private static ConnectFailure ofServer(String state, String said, Endpoint side) {
        if (said.contains(NO_PASSWORD)) {
            return new ConnectFailure(
                    "the server asks for a password, and none was given",
                    "Give it in the URL, in PGPASSWORD, or in the password file.");
        }
        return switch (state) {
            case "28P01" ->
                new ConnectFailure(
                        said, "Check user and password: in the URL, in PGPASSWORD, or in the password file.");
            case "28000" ->
                new ConnectFailure(
                        said,
                        "Check that the role exists and may log in, and that the server lets it in from here, with TLS or without (pg_hba.conf,"
                                + " sslmode).");
            case "42501" ->
                new ConnectFailure(
                        said,
                        PrivilegeSql.connect(
                                side.database().orElse("…"), side.user().orElse("…")));
            case "3D000" -> new ConnectFailure(said, "Check the database's name, or create it.");
            case "53300" ->
                new ConnectFailure(
                        said,
                        "End sessions that are not needed, use fewer workers (parallelism), or raise max_connections.");
            case "57P03" -> new ConnectFailure(said, "Wait until the server accepts connections, then run it again.");
            case "57014", "25P03", "25P04" ->
                new ConnectFailure(
                        "a setting with which its sessions begin ends them at once: " + said,
                        "Give the role a longer time in this database: ALTER ROLE … IN DATABASE … SET statement_timeout = 0 (or"
                                + " transaction_timeout, idle_in_transaction_session_timeout).");
            default ->
                new ConnectFailure(
                        said,
                        "Check host and port, that the server runs, that it accepts connections from here, and that it speaks TLS if"
                                + " sslmode asks for it.");
        };
    }

    private static @Nullable String stateOf(SQLException failure) {
        @Nullable PSQLException server = find(failure, PSQLException.class);
        return server == null ? failure.getSQLState() : server.getSQLState();
    }

    /** The messages of all causes, in lower case. */
    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
                    .append('\n');
        }
        return messages.toString();
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
