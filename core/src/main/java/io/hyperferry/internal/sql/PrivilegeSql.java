package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.quote;
import static java.util.stream.Collectors.joining;

import io.hyperferry.catalog.QualifiedName;
import java.util.List;

/**
 * The statements that give a role what it lacks, for people to run.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-grant.html">GRANT</a>
 */
public final class PrivilegeSql {
    /** So many are named; of more, all of the schema are meant. */
    private static final int MOST_NAMES = 20;

    private PrivilegeSql() {}

    /** Connecting to a database. */
    public static String connect(String database, String role) {
        return "GRANT CONNECT ON DATABASE " + quote(database) + to(role);
    }

    /** Naming what is in a schema. */
    public static String useSchema(String schema, String role) {
        return "GRANT USAGE ON SCHEMA " + quote(schema) + to(role);
    }

    /** Reading tables of one schema. */
    public static String readTables(List<QualifiedName> tables, String role) {
        return read("TABLE", tables, role);
    }

    /** Reading where sequences of one schema stand. */
    public static String readSequences(List<QualifiedName> sequences, String role) {
        return read("SEQUENCE", sequences, role);
    }

    private static String read(String kind, List<QualifiedName> names, String role) {
        return "GRANT SELECT ON "
                + (names.size() > MOST_NAMES
                        ? "ALL " + kind + "S IN SCHEMA " + quote(names.get(0).schema())
                        : kind + " " + names.stream().map(Identifiers::quote).collect(joining(", ")))
                + to(role);
    }

    /** Reading everything; since PostgreSQL 14. */
    public static String readAll(String role) {
        return "GRANT pg_read_all_data" + to(role);
    }

    /** Seeing all rows, whatever policies say. */
    public static String bypassRowSecurity(String role) {
        return "ALTER ROLE " + quote(role) + " BYPASSRLS;";
    }

    /** Creating schemas. */
    public static String createSchemas(String database, String role) {
        return "GRANT CREATE ON DATABASE " + quote(database) + to(role);
    }

    /** Creating something in a schema. */
    public static String createIn(String schema, String role) {
        return "GRANT CREATE ON SCHEMA " + quote(schema) + to(role);
    }

    /** Changing what a schema is. */
    public static String ownSchema(String schema, String role) {
        return "ALTER SCHEMA " + quote(schema) + " OWNER TO " + quote(role) + ";";
    }

    /** Changing what a database is. */
    public static String ownDatabase(String database, String role) {
        return "ALTER DATABASE " + quote(database) + " OWNER TO " + quote(role) + ";";
    }

    /**
     * Acting as another role, and having its privileges.
     *
     * @param explicit whether the server has words for both, as it does since PostgreSQL 16
     */
    public static String actAs(String other, String role, boolean explicit) {
        return "GRANT " + quote(other) + " TO " + quote(role) + (explicit ? " WITH INHERIT TRUE, SET TRUE;" : ";");
    }

    private static String to(String role) {
        return " TO " + quote(role) + ";";
    }
}
