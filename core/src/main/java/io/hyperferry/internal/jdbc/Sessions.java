package io.hyperferry.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Settings under which both sides give the same text for the same value, and no row is hidden. */
public final class Sessions {
    /** To be executed in a transaction; ends with it. Takes no snapshot. */
    public static final String SETTLE = """
            SET LOCAL extra_float_digits = 3;
            SET LOCAL DateStyle = 'ISO, YMD';
            SET LOCAL IntervalStyle = 'postgres';
            SET LOCAL TimeZone = 'UTC';
            SET LOCAL bytea_output = 'hex';
            SET LOCAL xmlbinary = 'base64';
            SET LOCAL quote_all_identifiers = off;
            SET LOCAL row_security = off;
            SET LOCAL search_path = ''""";

    /** To be executed in a transaction: a query may take as long as it takes. */
    public static final String UNHURRIED = """
            SET LOCAL statement_timeout = 0;
            SET LOCAL lock_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = 0""";

    /**
     * To be executed in a transaction that holds what others wait for: the server soon notices that this side is gone, also when it lost its
     * power or its network. Takes no snapshot.
     */
    public static final String SOON_MISSED = """
            SET LOCAL tcp_keepalives_idle = 30;
            SET LOCAL tcp_keepalives_interval = 10;
            SET LOCAL tcp_keepalives_count = 6""";

    /**
     * To be executed after {@link #SETTLE} before values are digested as text. Not for what is copied as text: who takes that in would have to be told
     * the same.
     */
    public static final String SETTLE_DIGESTS = "SET LOCAL lc_monetary = 'C'";

    /** To be executed in a transaction that is one of several at a time: these share the server's processors, and a query that takes more makes them wait. */
    public static final String ONE_OF_SEVERAL = "SET LOCAL max_parallel_workers_per_gather = 0";

    /** What a server may limit of a session, and of its transactions. */
    private static final String LIFT = """
            WITH limits AS MATERIALIZED (
                SELECT name, setting FROM pg_settings
                WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout',
                    'idle_in_transaction_session_timeout', 'idle_session_timeout') AND setting <> '0')
            SELECT name, setting, set_config(name, '0', false) FROM limits""";

    private Sessions() {}

    /** Limits of a session that do not hold until this is closed. */
    public interface Unlimited extends AutoCloseable {
        @Override
        void close();
    }

    private record Limit(String name, String setting) {}

    /** Lets a session that is in autocommit take its time, between transactions, too, when it has to wait for others. */
    public static Unlimited unlimited(Connection connection) throws SQLException {
        List<Limit> limits =
                Jdbc.query(connection, LIFT, row -> new Limit(row.getString("name"), row.getString("setting")));
        return () -> {
            try {
                if (!limits.isEmpty() && !connection.isClosed()) {
                    for (Limit limit : limits) {
                        Jdbc.query(
                                connection,
                                "SELECT set_config(?, ?, false)",
                                row -> row.getString(1),
                                limit.name(),
                                limit.setting());
                    }
                }
            } catch (SQLException e) {
                // A session that cannot be told so is lost, and its limits with it.
            }
        };
    }
}
