package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.Collation;
import io.hyperferry.catalog.ColumnSemantics;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ValueSemantics;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** What the order and the hashes of values depend on, apart from the values. */
public final class SemanticsQueries {
    /** The columns of ICU collations moved twice: 15 and 17 gave the locale columns of its own. */
    private static final String COLLATION = """
            CASE {l}provider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
            coalesce(to_jsonb({x}) ->> '{l}locale', to_jsonb({x}) ->> '{icu}', {l}collate) AS locale,
            coalesce(to_jsonb({x}) ->> '{rules}', '') AS rules""";

    private SemanticsQueries() {}

    /**
     * Reads them.
     *
     * @param timescale whether the database has TimescaleDB, without which no column matters
     * @param aggregates the hypertables in which continuous aggregates keep their rows, by the names of the aggregates' views
     */
    public static ValueSemantics read(
            Queries queries, boolean timescale, Map<QualifiedName, QualifiedName> aggregates) {
        Map<String, String> versions = versions(queries);
        Collation collation = collation(queries, versions);
        return new ValueSemantics(
                collation,
                withoutRepetition(versions),
                timescale ? columns(queries, collation, aggregates) : List.of());
    }

    /** Asks the libraries, not the catalog: that has the version with which a collation was created. */
    private static Map<String, String> versions(Queries queries) {
        Map<String, String> versions = new TreeMap<>();
        queries.list("""
                        SELECT l.name, l.provider, l.locale, l.rules, true AS deterministic,
                               pg_collation_actual_version(l.oid) AS version
                        FROM (SELECT DISTINCT ON (3, 4) l.oid, l.collname AS name, {collation}
                              FROM pg_collation l
                              JOIN pg_database d ON d.datname = current_database()
                              WHERE l.collnamespace = 'pg_catalog'::regnamespace AND l.collprovider <> 'd'
                                  AND l.collencoding IN (-1, d.encoding)
                              ORDER BY 3, 4, l.oid) l
                        """.replace("{collation}", ofCollation("l")), row -> collation(row, library -> null))
                .forEach(library -> {
                    @Nullable String version = library.version();
                    if (version != null) {
                        versions.put(library.library(), version);
                    }
                });
        return versions;
    }

    private static String ofCollation(String alias) {
        return COLLATION
                .replace("{l}provider", alias + ".collprovider")
                .replace("{l}collate", alias + ".collcollate")
                .replace("{x}", alias)
                .replace("{l}locale", "colllocale")
                .replace("{icu}", "colliculocale")
                .replace("{rules}", "collicurules");
    }

    /** A locale's version is nearly always that of its language. */
    private static Map<String, String> withoutRepetition(Map<String, String> versions) {
        Map<String, String> few = new TreeMap<>();
        versions.forEach((library, version) -> {
            String language = library.split("-", 2)[0];
            if (!library.startsWith("icu ") || language.equals(library) || !version.equals(versions.get(language))) {
                few.put(library, version);
            }
        });
        return few;
    }

    /** The collation of the database; which version it has now is told by a function since 15, before that by a collation like it. */
    private static Collation collation(Queries queries, Map<String, String> versions) {
        boolean told = queries.holds("to_regprocedure('pg_database_collation_actual_version(oid)') IS NOT NULL");
        return queries.list(
                        """
                        SELECT 'default' AS name, {collation}, true AS deterministic, {version} AS version
                        FROM (SELECT d.*, coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') AS datprovider FROM pg_database d) d
                        WHERE d.datname = current_database()
                        """.replace(
                                        "{collation}",
                                        COLLATION
                                                .replace("{l}provider", "d.datprovider")
                                                .replace("{l}collate", "d.datcollate")
                                                .replace("{x}", "d")
                                                .replace("{l}locale", "datlocale")
                                                .replace("{icu}", "daticulocale")
                                                .replace("{rules}", "daticurules"))
                                .replace(
                                        "{version}",
                                        told ? "pg_database_collation_actual_version(d.oid)" : "NULL::text"),
                        row -> collation(row, library -> versions.get(library)))
                .get(0);
    }

    private static Collation collation(Record row, Function<String, @Nullable String> versions) {
        Collation read = new Collation(
                string(row, "name"),
                string(row, "provider"),
                string(row, "locale"),
                string(row, "rules"),
                flag(row, "deterministic"),
                optionalString(row, "version"));
        return read.version() != null
                ? read
                : new Collation(
                        read.name(),
                        read.provider(),
                        read.locale(),
                        read.rules(),
                        read.deterministic(),
                        versions.apply(read.library()));
    }

    private record Use(long oid, Collation collation) {}

    /**
     * The columns that depend on something. The type of a column stands for all that it is made of: values inside of an array or a domain have the
     * column's collation, those inside of a range or a composite type have collations of their own.
     */
    private static List<ColumnSemantics> columns(
            Queries queries, Collation ofDatabase, Map<QualifiedName, QualifiedName> aggregates) {
        Map<Long, Collation> collations = queries
                .list(
                        """
                        SELECT l.oid::bigint AS oid, CASE WHEN l.collnamespace = 'pg_catalog'::regnamespace THEN l.collname
                                   ELSE format('%I.%I', n.nspname, l.collname) END AS name, {collation},
                               l.collisdeterministic AS deterministic, pg_collation_actual_version(l.oid) AS version
                        FROM pg_collation l
                        JOIN pg_namespace n ON n.oid = l.collnamespace
                        WHERE l.collprovider <> 'd' AND l.oid IN (
                            SELECT a.attcollation FROM pg_attribute a UNION SELECT r.rngcollation FROM pg_range r)
                        """.replace("{collation}", ofCollation("l")),
                        row -> new Use(row.get("oid", Long.class), collation(row, library -> null)))
                .stream()
                .collect(toMap(Use::oid, Use::collation));
        Map<QualifiedName, QualifiedName> views =
                aggregates.entrySet().stream().collect(toMap(Map.Entry::getValue, Map.Entry::getKey));
        return queries.list("""
                WITH RECURSIVE used AS (
                    SELECT n.nspname, c.relname, a.attnum, a.attname, a.atttypid AS type, a.attcollation AS collation
                    FROM _timescaledb_catalog.hypertable h
                    JOIN pg_namespace n ON n.nspname = h.schema_name
                    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = h.table_name
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    WHERE h.compression_state <> 2
                ), component AS (
                    SELECT DISTINCT u.type, u.collation, u.type AS base, u.collation AS base_collation FROM used u
                    UNION
                    SELECT p.type, p.collation, x.base, x.base_collation
                    FROM component p
                    JOIN pg_type t ON t.oid = p.base
                    CROSS JOIN LATERAL (
                        SELECT t.typbasetype AS base, p.base_collation WHERE t.typtype = 'd'
                        UNION ALL
                        SELECT r.rngsubtype, r.rngcollation FROM pg_range r
                        WHERE t.oid = r.rngtypid OR t.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid
                        UNION ALL
                        SELECT t.typelem, p.base_collation WHERE t.typcategory = 'A' AND t.typelem <> 0
                        UNION ALL
                        SELECT f.atttypid, f.attcollation FROM pg_attribute f
                        WHERE t.typtype = 'c' AND f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped
                    ) x
                ), leaf AS (
                    SELECT p.type, p.collation, format_type(t.oid, NULL) AS name,
                           t.typtype = 'e' AS enum,
                           y.own AND t.typname ~ '^(aclitem|reg(class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type))$' AS reg,
                           t.typtype = 'b' AND NOT y.own AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AS foreign_type,
                           CASE WHEN y.own AND t.typname = 'jsonb' THEN 100
                                WHEN t.typtype = 'b' AND t.typcollation <> 0 AND t.typcategory <> 'A' THEN p.base_collation ELSE 0 END AS orders,
                           t.typtype = 'b' AND (t.typcollation <> 0
                               OR y.own AND t.typname IN ('json', 'jsonb', 'jsonpath', 'tsquery', 'tsvector', 'xml')) AS text
                    FROM component p
                    JOIN pg_type t ON t.oid = p.base
                    CROSS JOIN LATERAL (SELECT t.typnamespace = 'pg_catalog'::regnamespace AS own) y
                ), meaning AS (
                    SELECT l.type, l.collation,
                           array_agg(DISTINCT l.name ORDER BY l.name) FILTER (WHERE l.enum) AS enums,
                           array_agg(DISTINCT l.name ORDER BY l.name) FILTER (WHERE l.reg) AS oid_types,
                           array_agg(DISTINCT l.name ORDER BY l.name) FILTER (WHERE l.foreign_type) AS own_types,
                           array_agg(DISTINCT l.orders::bigint) FILTER (WHERE l.orders <> 0) AS orders,
                           bool_or(l.text) AS text
                    FROM leaf l
                    GROUP BY l.type, l.collation
                )
                SELECT u.nspname, u.relname, u.attname, m.enums, m.oid_types, m.own_types, m.orders, m.text
                FROM used u
                JOIN meaning m ON m.type = u.type AND m.collation = u.collation
                WHERE m.enums IS NOT NULL OR m.oid_types IS NOT NULL OR m.own_types IS NOT NULL OR m.orders IS NOT NULL OR m.text
                ORDER BY u.nspname COLLATE "C", u.relname COLLATE "C", u.attnum
                """, row -> {
            QualifiedName table = name(row, "nspname", "relname");
            return new ColumnSemantics(
                    views.getOrDefault(table, table),
                    string(row, "attname"),
                    strings(row, "enums"),
                    strings(row, "oid_types"),
                    strings(row, "own_types"),
                    used(row.get("orders", Long[].class), collations, ofDatabase),
                    flag(row, "text"));
        });
    }

    private static List<String> strings(Record row, String column) {
        @Nullable List<String> values = Queries.optionalStrings(row, column);
        return values == null ? List.of() : values;
    }

    private static List<Collation> used(Long @Nullable [] oids, Map<Long, Collation> collations, Collation ofDatabase) {
        return oids == null
                ? List.of()
                : Arrays.stream(oids)
                        .map(oid -> collations.getOrDefault(oid, ofDatabase))
                        .toList();
    }
}
