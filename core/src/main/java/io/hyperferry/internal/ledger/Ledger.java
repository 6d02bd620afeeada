package io.hyperferry.internal.ledger;

import static java.util.stream.Collectors.toMap;

import io.hyperferry.MigrationException;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Step;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.schema.SchemaEntry;
import io.hyperferry.internal.schema.SchemaEntry.Build;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a run, in the target's schema {@code hyperferry}: the frozen plan, the dumped schema, and what of both is done. A mark is
 * always written in the transaction that does what it says, so a crash leaves both or none.
 *
 * <p>All methods work in the transaction of the connection that they are given.
 */
public final class Ledger {
    /** The schema that holds it. */
    public static final String SCHEMA = "hyperferry";

    /** Grows when a ledger of the old form can no longer be gone on with. */
    static final int VERSION = 8;

    /** An arbitrary number, the same for all: one run at a time may lead a migration into a database. */
    private static final long LOCK = 0x4879_7065_7266_6572L;

    private Ledger() {}

    /** Whether this database has a ledger. */
    public static boolean exists(Connection target) throws SQLException {
        return Jdbc.one(target, "SELECT to_regclass('hyperferry.run') IS NOT NULL", row -> row.getBoolean(1));
    }

    /** Takes the lock of the process that leads a run, for this session, if nobody has it. */
    public static boolean tryLock(Connection target) throws SQLException {
        return Jdbc.one(target, "SELECT pg_try_advisory_lock(?)", row -> row.getBoolean(1), LOCK);
    }

    /** Gives the lock back. */
    public static void unlock(Connection target) throws SQLException {
        Jdbc.query(target, "SELECT pg_advisory_unlock(?)", row -> row.getBoolean(1), LOCK);
    }

    /**
     * A session, so that it can be told from a later one that has its number.
     *
     * @param pid the number of its process on the server
     * @param began when it began, as the server writes it
     */
    public record Session(int pid, String began) {}

    /** Which session this is. */
    public static Session session(Connection target) throws SQLException {
        return Jdbc.one(
                target,
                "SELECT pid, backend_start::text AS began FROM pg_stat_activity WHERE pid = pg_backend_pid()",
                row -> new Session(row.getInt("pid"), row.getString("began")));
    }

    /**
     * Ends a session of this process that still has the lock, because the server does not know yet that its connection is gone: while it works at a
     * long statement, the server does not look.
     */
    public static void endIfLocked(Connection target, Session lost) throws SQLException {
        Jdbc.query(target, """
                SELECT pg_terminate_backend(a.pid)
                FROM pg_stat_activity a
                WHERE a.pid = ? AND a.backend_start::text = ? AND a.pid <> pg_backend_pid() AND a.datname = current_database()
                  AND EXISTS (SELECT FROM pg_locks l
                    WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
                      AND (l.classid::bigint << 32 | l.objid::bigint) = ?)""", row -> row.getBoolean(1), lost.pid(), lost.began(), LOCK);
    }

    /** Whether some process leads a run now. */
    public static boolean isLocked(Connection target) throws SQLException {
        return Jdbc.one(target, """
                SELECT EXISTS (SELECT FROM pg_locks
                    WHERE locktype = 'advisory' AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = ?
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))""", row -> row.getBoolean(1), LOCK);
    }

    /** Makes the ledger and freezes the plan in it. */
    public static void create(Connection target, MigrationPlan plan) throws SQLException {
        createTables(target);
        Jdbc.update(target, "INSERT INTO hyperferry.run (ledger_version, plan) VALUES (?, ?)", VERSION, plan.toJson());
        try (PreparedStatement insert =
                target.prepareStatement("INSERT INTO hyperferry.step (position, title) VALUES (?, ?)")) {
            int position = 1;
            for (Step step : plan.steps()) {
                insert.setInt(1, position++);
                insert.setString(2, step.title());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        SliceQueries.create(target, plan);
    }

    /** Makes the tables of a ledger, without any rows. */
    public static void createTables(Connection target) throws SQLException {
        Jdbc.execute(target, sql("ledger.sql"));
        keepPrivate(target);
        letBePublished(target);
    }

    /** Takes what is in the schema away from all but its owner, whatever default privileges gave them. */
    static void keepPrivate(Connection target) throws SQLException {
        Jdbc.execute(target, sql("private.sql"));
    }

    /** Gives each table of the ledger a replica identity, so that the server also changes it while a publication has all tables. */
    static void letBePublished(Connection target) throws SQLException {
        Jdbc.execute(target, sql("identity.sql"));
    }

    private static String sql(String name) {
        try (InputStream resource = Ledger.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the ledger. */
    public static void drop(Connection target) throws SQLException {
        Jdbc.execute(target, "DROP SCHEMA IF EXISTS hyperferry CASCADE");
    }

    /**
     * The frozen plan.
     *
     * @throws MigrationException when the ledger or its plan is of another version
     */
    public static MigrationPlan plan(Connection target) throws SQLException {
        requireVersion(target);
        String json = Jdbc.one(target, "SELECT plan FROM hyperferry.run", row -> row.getString(1));
        try {
            return MigrationPlan.fromJson(json);
        } catch (IllegalArgumentException e) {
            throw ofOtherVersion("the plan in the target's ledger cannot be read: " + e.getMessage(), e);
        }
    }

    /** Refuses a ledger of another version, whose tables may have other columns. */
    static void requireVersion(Connection target) throws SQLException {
        int version = Jdbc.one(target, "SELECT ledger_version FROM hyperferry.run", row -> row.getInt(1));
        if (version != VERSION) {
            throw ofOtherVersion(
                    "the target's ledger has version " + version + ", this Hyperferry writes version " + VERSION, null);
        }
    }

    private static MigrationException ofOtherVersion(String what, @Nullable Throwable cause) {
        return new MigrationException(
                MigrationException.Code.LEDGER_VERSION,
                what + ": finish the run with the Hyperferry that started it",
                cause);
    }

    /**
     * A step that is done.
     *
     * @param position its number in the plan
     * @param attempt the attempt that did it
     * @param elapsed how long that took
     */
    public record StepDone(int position, int attempt, Duration elapsed) {}

    /** The steps that are done, by their number in the plan. */
    public static Map<Integer, StepDone> stepsDone(Connection target) throws SQLException {
        return Jdbc.query(
                        target,
                        """
                        SELECT position, attempt, (extract(epoch FROM elapsed) * 1000)::bigint AS millis
                        FROM hyperferry.step WHERE done_at IS NOT NULL""",
                        row -> new StepDone(
                                row.getInt("position"),
                                row.getInt("attempt"),
                                Duration.ofMillis(row.getLong("millis"))))
                .stream()
                .collect(toMap(StepDone::position, it -> it));
    }

    /** Marks a step as done. */
    public static void markStep(Connection target, int position, int attempt, Duration elapsed) throws SQLException {
        Jdbc.update(target, """
                UPDATE hyperferry.step
                SET done_at = clock_timestamp(), attempt = ?, elapsed = make_interval(secs => ?)
                WHERE position = ?""", attempt, seconds(elapsed), position);
    }

    /** Notes that all rows are there. */
    public static void markCopied(Connection target) throws SQLException {
        Jdbc.execute(target, "UPDATE hyperferry.run SET copied_at = clock_timestamp()");
    }

    /** Notes whether both sides were found identical. */
    public static void markVerified(Connection target, boolean identical) throws SQLException {
        Jdbc.update(
                target, "UPDATE hyperferry.run SET verified_at = CASE WHEN ? THEN clock_timestamp() END", identical);
    }

    /** Keeps the dumped schema. */
    public static void saveSchema(Connection target, List<SchemaEntry> entries) throws SQLException {
        try (PreparedStatement insert = target.prepareStatement("""
                INSERT INTO hyperferry.schema_entry
                    (position, section, kind, name, sql, left_out, dump_id, needs, tables, weight)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            for (SchemaEntry entry : entries) {
                insert.setInt(1, entry.position());
                insert.setString(2, entry.section().name());
                insert.setString(3, entry.kind());
                insert.setString(4, entry.name());
                insert.setString(5, entry.sql());
                insert.setString(6, entry.leftOut());
                insert.setInt(7, entry.build().id());
                insert.setArray(8, array(target, entry.build().needs()));
                insert.setArray(9, array(target, entry.build().tables()));
                insert.setLong(10, entry.build().weight());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The kinds and names of all entries, as {@link SchemaEntry#title} joins them. */
    public static Set<String> schemaTitles(Connection target) throws SQLException {
        return Set.copyOf(Jdbc.query(
                target, "SELECT DISTINCT kind || ' ' || name FROM hyperferry.schema_entry", row -> row.getString(1)));
    }

    /** Keeps an entry of a later dump, which is restored already. */
    public static void addSchemaEntry(Connection target, SchemaEntry entry) throws SQLException {
        int position = Jdbc.one(
                target, "SELECT coalesce(max(position), 0) + 1 FROM hyperferry.schema_entry", row -> row.getInt(1));
        saveSchema(target, List.of(entry.at(position)));
        markSchemaEntry(target, position);
    }

    /** The entries of a section that are to be restored and are not yet. */
    public static List<SchemaEntry> openSchemaEntries(Connection target, SchemaEntry.Section section)
            throws SQLException {
        return Jdbc.query(target, """
                SELECT position, section, kind, name, sql, left_out, dump_id, needs, tables, weight
                FROM hyperferry.schema_entry
                WHERE section = ? AND left_out IS NULL AND done_at IS NULL
                ORDER BY position""", Ledger::schemaEntry, section.name());
    }

    /** The entries that are missed on the target: left out, and not made by TimescaleDB itself. */
    public static List<SchemaEntry> leftOutSchemaEntries(Connection target) throws SQLException {
        return Jdbc.query(target, """
                SELECT position, section, kind, name, sql, left_out, dump_id, needs, tables, weight
                FROM hyperferry.schema_entry
                WHERE left_out <> ?
                ORDER BY position""", Ledger::schemaEntry, SchemaEntry.NOT_ITS_OWN);
    }

    private static SchemaEntry schemaEntry(ResultSet row) throws SQLException {
        return new SchemaEntry(
                row.getInt("position"),
                SchemaEntry.Section.valueOf(row.getString("section")),
                row.getString("kind"),
                row.getString("name"),
                row.getString("sql"),
                row.getString("left_out"),
                new Build(
                        row.getInt("dump_id"),
                        numbers(row.getArray("needs")),
                        numbers(row.getArray("tables")),
                        row.getLong("weight")));
    }

    private static Array array(Connection target, Set<Integer> numbers) throws SQLException {
        return target.createArrayOf("int4", numbers.stream().sorted().toArray());
    }

    private static Set<Integer> numbers(Array array) throws SQLException {
        return Set.of((Integer[]) array.getArray());
    }

    /** Marks an entry of the schema as restored. */
    public static void markSchemaEntry(Connection target, int position) throws SQLException {
        Jdbc.update(
                target, "UPDATE hyperferry.schema_entry SET done_at = clock_timestamp() WHERE position = ?", position);
    }

    /** Whether all rows that arrived were read at the moment for which the plan was made. */
    public static boolean isOfOneMoment(Connection target) throws SQLException {
        return Jdbc.one(target, """
                SELECT NOT EXISTS (SELECT FROM hyperferry.slice
                    WHERE done_at IS NOT NULL
                        AND (reading <> 'SNAPSHOT' OR attempt <> (SELECT min(number) FROM hyperferry.attempt)))""", row -> row.getBoolean(1));
    }

    /**
     * What is done of a run, in numbers.
     *
     * @param createdAt when the plan was frozen, ISO 8601
     * @param verifiedAt when both sides were found identical, or null
     * @param attempts processes that worked on it
     * @param steps steps of the plan
     * @param stepsDone those that are done
     * @param step the first step that is not done, or null
     * @param slices slices of the plan
     * @param slicesDone those that are done
     * @param rows rows copied
     * @param bytes bytes copied
     */
    public record Totals(
            String createdAt,
            @Nullable String verifiedAt,
            int attempts,
            int steps,
            int stepsDone,
            @Nullable String step,
            long slices,
            long slicesDone,
            long rows,
            long bytes) {}

    /** What is done of a run, in numbers. */
    public static Totals totals(Connection target) throws SQLException {
        return Jdbc.one(
                target,
                """
                SELECT to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at,
                       to_char(r.verified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS verified_at,
                       (SELECT count(*) FROM hyperferry.attempt) AS attempts,
                       (SELECT count(*) FROM hyperferry.step) AS steps,
                       (SELECT count(*) FROM hyperferry.step WHERE done_at IS NOT NULL) AS steps_done,
                       (SELECT title FROM hyperferry.step WHERE done_at IS NULL ORDER BY position LIMIT 1) AS step,
                       s.slices, s.done, s.row_count, s.bytes
                FROM hyperferry.run r,
                     (SELECT count(*) AS slices, count(done_at) AS done,
                             coalesce(sum(row_count), 0) AS row_count, coalesce(sum(bytes), 0) AS bytes
                      FROM hyperferry.slice) s""",
                row -> new Totals(
                        row.getString("created_at"),
                        row.getString("verified_at"),
                        row.getInt("attempts"),
                        row.getInt("steps"),
                        row.getInt("steps_done"),
                        row.getString("step"),
                        row.getLong("slices"),
                        row.getLong("done"),
                        row.getLong("row_count"),
                        row.getLong("bytes")));
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
