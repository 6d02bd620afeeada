package io.hyperferry.internal.ledger;

import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a source that a run pauses, written down before it does so and until they are scheduled again. The record is in the target, so
 * that nothing is written to the source, and is there before the rest of the ledger.
 *
 * <p>All methods work in the transaction of the connection that they are given, a connection to the target.
 */
public final class PausedJobs {
    private static final String DDL = """
            CREATE SCHEMA IF NOT EXISTS hyperferry;
            CREATE TABLE IF NOT EXISTS hyperferry.paused_job (
                source_server text NOT NULL,
                source_database text NOT NULL,
                job int NOT NULL,
                -- For whoever has to put it right by hand.
                title text NOT NULL,
                timezone text,
                next_start timestamptz,
                noted_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (source_server, source_database, job)
            )""";

    private PausedJobs() {}

    /**
     * A database with jobs.
     *
     * @param server what tells its server from every other
     * @param database its name
     */
    public record Origin(String server, String database) {
        /** For people. */
        @Override
        public String toString() {
            return database + " on the server with system identifier " + server;
        }
    }

    /**
     * A scheduled job.
     *
     * @param id its id on its server
     * @param title what it does, for people
     * @param timezone its time zone, or null
     * @param nextStart when it was to start next, as a text, or null
     */
    public record Scheduled(
            int id,
            String title,
            @Nullable String timezone,
            @Nullable String nextStart) {}

    /** Whether any jobs are noted. */
    public static boolean exist(Connection target) throws SQLException {
        return Jdbc.one(target, "SELECT to_regclass('hyperferry.paused_job') IS NOT NULL", row -> row.getBoolean(1));
    }

    /** Notes jobs; those that are noted already stay as they are. */
    public static void note(Connection target, Origin origin, List<Scheduled> jobs) throws SQLException {
        Jdbc.execute(target, DDL);
        Ledger.keepPrivate(target);
        for (Scheduled job : jobs) {
            Jdbc.update(
                    target,
                    """
                    INSERT INTO hyperferry.paused_job (source_server, source_database, job, title, timezone, next_start)
                    VALUES (?, ?, ?, ?, ?, ?::timestamptz)
                    ON CONFLICT DO NOTHING""",
                    origin.server(),
                    origin.database(),
                    job.id(),
                    job.title(),
                    job.timezone(),
                    job.nextStart());
        }
    }

    /** The ids of the jobs that are noted for a database. */
    public static Set<Integer> of(Connection target, Origin origin) throws SQLException {
        return exist(target)
                ? Set.copyOf(Jdbc.query(
                        target,
                        "SELECT job FROM hyperferry.paused_job WHERE source_server = ? AND source_database = ?",
                        row -> row.getInt(1),
                        origin.server(),
                        origin.database()))
                : Set.of();
    }

    /** The databases for which jobs are noted. */
    public static Set<Origin> origins(Connection target) throws SQLException {
        return exist(target)
                ? Set.copyOf(Jdbc.query(
                        target,
                        "SELECT DISTINCT source_server, source_database FROM hyperferry.paused_job",
                        row -> new Origin(row.getString(1), row.getString(2))))
                : Set.of();
    }

    /** Forgets the jobs of a database; the schema goes, too, when nothing else is in it. */
    public static void forget(Connection target, Origin origin) throws SQLException {
        Jdbc.update(
                target,
                "DELETE FROM hyperferry.paused_job WHERE source_server = ? AND source_database = ?",
                origin.server(),
                origin.database());
        if (origins(target).isEmpty()) {
            Jdbc.execute(target, "DROP TABLE hyperferry.paused_job");
            if (!Ledger.exists(target)) {
                Jdbc.execute(target, "DROP SCHEMA hyperferry");
            }
        }
    }

    /** The catalog as it was before jobs were paused. */
    public static DatabaseCatalog undone(DatabaseCatalog source, Connection target) throws SQLException {
        Set<Integer> paused = of(
                target,
                new Origin(source.server().systemIdentifier(), source.server().database()));
        return paused.isEmpty()
                ? source
                : source.toBuilder()
                        .jobs(source.jobs().stream()
                                .map(it -> paused.contains(it.id()) ? it.withScheduled(true) : it)
                                .toList())
                        .build();
    }
}
