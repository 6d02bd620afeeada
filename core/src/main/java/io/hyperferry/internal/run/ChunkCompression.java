package io.hyperferry.internal.run;

import io.hyperferry.DigestMethod;
import io.hyperferry.TableData;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.sql.DigestSql;
import io.hyperferry.internal.sql.Identifiers;
import io.hyperferry.internal.sql.RepairSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses chunks of the target, except those whose rows would change. The columnstore stores values once that are equal but not the same,
 * such as the intervals {@code 1 day} and {@code 24 hours}: which of them is kept depends on the order of the rows. A chunk that
 * cannot be compressed again keeps its rows as they are, too.
 *
 * <p>Thread-safe.
 */
final class ChunkCompression {
    private static final Logger log = LoggerFactory.getLogger(ChunkCompression.class);

    /** The first version of PostgreSQL that has hash functions for records. */
    private static final int HASH_RECORD_SINCE = 14;

    private static final String QUERY_CANCELED = "57014";

    private final Map<QualifiedName, String> skipped = new ConcurrentSkipListMap<>();

    /**
     * Compresses a chunk in the transaction of a connection, or leaves it as it is.
     *
     * @param table the table of the chunk
     * @param chunk the chunk on the target
     * @throws SQLException when the transaction cannot continue
     */
    void compress(Connection target, TableData table, QualifiedName chunk, Timescale timescale) throws SQLException {
        Digest before = digest(target, table, chunk);
        Jdbc.execute(target, "SAVEPOINT hyperferry_compression");
        String reason;
        try {
            Jdbc.execute(target, RepairSql.compress(chunk, timescale));
            if (digest(target, table, chunk).equals(before)) {
                Jdbc.execute(target, "RELEASE SAVEPOINT hyperferry_compression");
                skipped.remove(chunk);
                return;
            }
            reason = "the columnstore would replace values by others that are equal but not the same";
        } catch (SQLException e) {
            if (CopyEngine.passing(e).isPresent() || QUERY_CANCELED.equals(e.getSQLState())) {
                throw e;
            }
            reason = Jdbc.describe(e);
        }
        Jdbc.execute(target, "ROLLBACK TO SAVEPOINT hyperferry_compression");
        String line = "chunk " + chunk + " of " + table.table() + " on the target was not compressed: " + reason;
        log.warn("{}", line);
        skipped.put(chunk, line);
    }

    /** Whether a chunk was left as it is. */
    boolean isSkipped(QualifiedName chunk) {
        return skipped.containsKey(chunk);
    }

    /** The chunks that were left as they are, each with the reason. */
    List<String> skipped() {
        return List.copyOf(skipped.values());
    }

    private static Digest digest(Connection target, TableData table, QualifiedName chunk) throws SQLException {
        DigestMethod method = target.getMetaData().getDatabaseMajorVersion() >= HASH_RECORD_SINCE
                ? DigestMethod.RECORD_HASH
                : DigestMethod.TEXT_HASH;
        return Jdbc.one(target, DigestSql.ofRows(table, Identifiers.quote(chunk), method), Digest::of);
    }
}
