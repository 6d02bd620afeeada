package io.hyperferry.internal.jdbc;

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

    private Sessions() {}
}
