package io.hyperferry.internal.run;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.Problem;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.PinnedSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds settings under which no session of a side can do a run's work, and the statements that end them. */
final class SessionProblems {
    private static final String RESTORING = "timescaledb.restoring";
    private static final String READ_ONLY = "default_transaction_read_only";

    private SessionProblems() {}

    /**
     * Where a session gets a setting from.
     *
     * @param role the role whose sessions get it, or null for all roles
     * @param database the database whose sessions get it, or null for all databases
     */
    private record Origin(@Nullable String role, @Nullable String database) {
        String reset(String setting) {
            return (role != null
                            ? "ALTER ROLE " + quote(role) + (database == null ? "" : " IN DATABASE " + quote(database))
                            : database == null ? "ALTER ROLE ALL" : "ALTER DATABASE " + quote(database))
                    + " RESET " + setting + ";";
        }
    }

    /**
     * The problems of every session of a side.
     *
     * @param side what the side is called
     * @param session a pinned session of the side
     */
    static List<Problem> of(String side, Connection session) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        if (isDefault(session, RESTORING, "on")) {
            problems.add(Problem.blocking(
                    Problem.Code.RESTORING_MODE,
                    side,
                    "the " + side + " is in TimescaleDB's restoring mode (" + RESTORING
                            + " is on), in which hypertables"
                            + " hide their chunks and rows are inserted outside of them.",
                    endRestoring(session)));
        }
        for (PinnedSettings.Former setting : PinnedSettings.notPinned(session)) {
            if (!setting.name().equals(RESTORING)) {
                problems.add(Problem.blocking(
                        Problem.Code.SETTING_NOT_ALLOWED,
                        side,
                        "sessions on the " + side + " begin with " + setting.name() + " = " + setting.value()
                                + ", and their role may not change it.",
                        reset(session, setting.name())
                                .orElse("Remove " + setting.name() + " from the server's configuration and from the"
                                        + " connection's options.")));
            }
        }
        return problems;
    }

    /**
     * The problem of a target without a ledger whose transactions are read-only by default: somebody may want them so. With a ledger, the
     * setting may be the source's, and the run's sessions change it for themselves.
     *
     * @param session a pinned session of the target
     */
    static Optional<Problem> readOnly(Connection session) throws SQLException {
        return isDefault(session, READ_ONLY, "on")
                ? Optional.of(Problem.blocking(
                        Problem.Code.TARGET_READ_ONLY,
                        "target",
                        "the target's transactions are read-only by default (" + READ_ONLY + " is on).",
                        reset(session, READ_ONLY)
                                .orElse("Set " + READ_ONLY
                                        + " = off in the server's configuration, or remove it from the"
                                        + " connection's options.")))
                : Optional.empty();
    }

    private static boolean isDefault(Connection session, String setting, String value) throws SQLException {
        return !Jdbc.query(
                        session,
                        "SELECT FROM pg_catalog.pg_settings s WHERE s.name = ? AND s.reset_val = ?",
                        row -> true,
                        setting,
                        value)
                .isEmpty();
    }

    private static String endRestoring(Connection session) throws SQLException {
        List<Origin> origins = origins(session, RESTORING);
        if (origins.isEmpty()) {
            return "Set " + RESTORING
                    + " = off in the server's configuration, or remove it from the connection's options.";
        }
        String schema = Jdbc.one(
                session,
                "SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
                        + " WHERE e.extname = 'timescaledb'",
                row -> row.getString("nspname"));
        return origins.stream()
                .map(origin -> origin.role() == null && origin.database() != null
                        ? "SELECT " + quote(schema) + ".timescaledb_post_restore();"
                        : origin.reset(RESTORING))
                .collect(joining(" ", "Run ", ""));
    }

    private static Optional<String> reset(Connection session, String setting) throws SQLException {
        List<Origin> origins = origins(session, setting);
        return origins.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        origins.stream().map(origin -> origin.reset(setting)).collect(joining(" ", "Run ", "")));
    }

    /** From where this session's role gets a setting in this database, the strongest first. */
    private static List<Origin> origins(Connection session, String setting) throws SQLException {
        return Jdbc.query(session, """
                SELECT r.rolname, d.datname
                FROM pg_catalog.pg_db_role_setting s
                LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
                LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
                WHERE (s.setrole = 0 OR r.rolname = session_user)
                    AND (s.setdatabase = 0 OR d.datname = pg_catalog.current_database())
                    AND EXISTS (SELECT FROM pg_catalog.unnest(s.setconfig) c (value)
                        WHERE pg_catalog.split_part(c.value, '=', 1) = ?)
                ORDER BY s.setrole = 0, s.setdatabase = 0
                """, row -> new Origin(row.getString("rolname"), row.getString("datname")), setting);
    }
}
