package io.hyperferry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The queries of {@link DatabaseFacts}, from {@code database-facts.sql}. */
final class FactQueries {
    private static final String USERS = """
            NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'hyperferry', 'timescaledb_information',
              'timescaledb_experimental', '_timescaledb_catalog', '_timescaledb_internal', '_timescaledb_functions',
              '_timescaledb_config', '_timescaledb_cache', '_timescaledb_debug', '_timescaledb_additional')""";

    private static final String RELATIONS = """
            (SELECT c.*, format('%I.%I', n.nspname, c.relname) AS object, n.nspname
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname {users} AND NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')) r""";

    private static final String HYPERTABLES = """
            (SELECT format('%I.%I', hypertable_schema, hypertable_name)::regclass AS relation,
                format('%I.%I', hypertable_schema, hypertable_name) AS object
              FROM timescaledb_information.hypertables WHERE hypertable_schema {users}
              UNION ALL
              SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name)::regclass,
                format('%I.%I', view_schema, view_name)
              FROM timescaledb_information.continuous_aggregates) h""";

    private static final String GRANTS = """
            (SELECT string_agg(coalesce(nullif(x.grantee, 0)::regrole::text, 'PUBLIC') || ':' || x.privilege_type || ':'
                || x.is_grantable, ' ' ORDER BY x.grantee::regrole::text, x.privilege_type)
              FROM aclexplode(coalesce($1, acldefault('$2', $3))) x WHERE x.grantee <> $3)""";

    /** The tables, aggregates and materialized views with rows of their own. */
    static final String WITH_ROWS = expanded("""
            SELECT object FROM {relations} WHERE relkind IN ('r', 'm') OR relkind = 'v' AND EXISTS
              (SELECT FROM timescaledb_information.continuous_aggregates a
                WHERE a.view_schema = r.nspname AND a.view_name = r.relname) ORDER BY 1""");

    /** The sequences. */
    static final String SEQUENCES = expanded("SELECT object FROM {relations} WHERE relkind = 'S' ORDER BY 1");

    private FactQueries() {}

    /** Those that servers of an edition understand. */
    static List<String> all(boolean community, boolean owners) throws IOException {
        try (InputStream script = FactQueries.class.getResourceAsStream("database-facts.sql")) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n"))
                    .skip(1)
                    .filter(query -> community || !query.contains("(community)\n"))
                    .filter(query -> owners || !query.contains("(owners)\n"))
                    .map(FactQueries::expanded)
                    .toList();
        }
    }

    private static String expanded(String query) {
        return query.replaceAll("\\{grants (\\S+) (\\S+) (\\S+)}", GRANTS)
                .replace("{relations}", RELATIONS)
                .replace("{hypertables}", HYPERTABLES)
                .replace("{users}", USERS);
    }
}
