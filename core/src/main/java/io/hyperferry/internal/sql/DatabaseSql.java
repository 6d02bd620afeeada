package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;

import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is said of a database as a whole, which pg_dump leaves to pg_dumpall.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-alterdatabase.html">ALTER DATABASE</a>
 */
public final class DatabaseSql {
    /** Kind and identity of the database itself among the objects of a catalog. */
    public static final String KIND = "database";

    private static final String GRANTED_TO = "granted to ";

    /** Parameters that are lists of names: PostgreSQL stores them quoted, and would quote the whole list once more. */
    private static final Set<String> LISTS = Set.of(
            "local_preload_libraries",
            "search_path",
            "session_preload_libraries",
            "shared_preload_libraries",
            "temp_tablespaces",
            "unix_socket_directories");

    private DatabaseSql() {}

    /** The statements that give a database of this name a setting; to be executed in a transaction. */
    public static List<String> setting(String database, Setting setting) {
        String alter = (setting.role() == null
                        ? "ALTER DATABASE " + quote(database)
                        : "ALTER ROLE " + quote(setting.role()) + " IN DATABASE " + quote(database))
                + " SET " + parameter(setting.name());
        if (LISTS.contains(setting.name().toLowerCase(Locale.ROOT))) {
            return List.of(
                    "SELECT pg_catalog.set_config(" + literal(setting.name()) + ", " + literal(setting.value())
                            + ", true)",
                    alter + " FROM CURRENT");
        }
        return List.of(alter + " TO " + literal(setting.value()));
    }

    /**
     * The statements with which a transaction that writes rows gets the search path of an application's sessions: functions that checks,
     * generated columns and defaults call may rely on it. Empty where the source's database sets none.
     */
    public static List<String> searchPath(List<Setting> settings) {
        return settings.stream()
                .filter(setting -> setting.role() == null && setting.name().equalsIgnoreCase("search_path"))
                .map(setting -> "SELECT pg_catalog.set_config('search_path', " + literal(setting.value()) + ", true)")
                .toList();
    }

    /** A parameter of an extension has a dot between two names. */
    private static String parameter(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? quote(name) : quote(name.substring(0, dot)) + "." + quote(name.substring(dot + 1));
    }

    /** The statements that give a database of this name comment and privileges. */
    public static List<String> properties(String database, DatabaseObject described) {
        List<String> sql = new ArrayList<>();
        String comment = described.facts().get("comment");
        if (comment != null) {
            sql.add("COMMENT ON DATABASE " + quote(database) + " IS " + literal(comment));
        }
        boolean granted = false;
        for (Map.Entry<String, String> fact : described.facts().entrySet()) {
            if (!fact.getKey().startsWith(GRANTED_TO)) {
                continue;
            }
            if (!granted) {
                // Whatever everybody may do by default is among the grants, or was taken away.
                sql.add("REVOKE ALL ON DATABASE " + quote(database) + " FROM PUBLIC");
                granted = true;
            }
            String role = fact.getKey().substring(GRANTED_TO.length());
            if (!role.equals("(owner)")) {
                grants(database, role.equals("PUBLIC") ? role : quote(role), fact.getValue(), sql);
            }
        }
        return sql;
    }

    private static void grants(String database, String role, String privileges, List<String> sql) {
        for (String privilege : privileges.split(", ", -1)) {
            boolean withOption = privilege.endsWith("*");
            sql.add("GRANT " + (withOption ? privilege.substring(0, privilege.length() - 1) : privilege)
                    + " ON DATABASE " + quote(database) + " TO " + role + (withOption ? " WITH GRANT OPTION" : ""));
        }
    }
}
