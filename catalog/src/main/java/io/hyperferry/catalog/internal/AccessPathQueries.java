package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.hyperferry.catalog.AccessPaths;
import io.hyperferry.catalog.AccessPaths.Order;
import io.hyperferry.catalog.AccessPaths.SearchIndex;
import io.hyperferry.catalog.AccessPaths.SearchKey;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Columns and keys of indexes with the operators by which rows are searched, from PostgreSQL's catalogs alone. */
public final class AccessPathQueries {
    /**
     * The columns of the tables, then the keys of their indexes. Only a B-tree or hash index states the type of an
     * expression that it indexes; other access methods may store another one.
     *
     * <p>The operators are those of the default operator class: of the type itself, of a type that it is
     * binary-coercible to ({@code varchar} to {@code text}), or of the pseudo-type that stands for its kind. An array
     * or composite has the operators of its kind whatever it is made of, so a type counts only when every part has
     * operators of its own.
     */
    private static final String KEYS = """
            WITH RECURSIVE wanted AS (
                SELECT DISTINCT to_regclass(r)::oid AS oid FROM unnest(?::text[]) r
            ), key AS (
                SELECT a.attrelid AS relation, 0::oid AS index, a.attnum::int AS position, quote_ident(a.attname) AS expression,
                       a.attname::text AS attname, a.atttypid AS type, NULL::text AS collation
                FROM pg_attribute a
                WHERE a.attrelid IN (SELECT oid FROM wanted) AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL
                SELECT x.indrelid, x.indexrelid, k.n, pg_get_indexdef(x.indexrelid, k.n, false), a.attname::text,
                       CASE WHEN a.attnum IS NOT NULL THEN a.atttypid
                            WHEN m.amname IN ('btree', 'hash') THEN i.atttypid END,
                       CASE WHEN l.oid IS DISTINCT FROM a.attcollation
                            THEN quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END
                FROM pg_index x
                JOIN pg_class c ON c.oid = x.indexrelid
                JOIN pg_am m ON m.oid = c.relam
                CROSS JOIN LATERAL generate_series(1, x.indnkeyatts::int) k(n)
                JOIN pg_attribute i ON i.attrelid = x.indexrelid AND i.attnum = k.n
                LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[k.n - 1] AND a.attnum <> 0
                LEFT JOIN pg_collation l ON l.oid = x.indcollation[k.n - 1]
                LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
                WHERE x.indrelid IN (SELECT oid FROM wanted) AND x.indisvalid AND x.indisready
            ), base AS (
                SELECT DISTINCT type, type AS base FROM key WHERE type IS NOT NULL
                UNION ALL
                SELECT b.type, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.base WHERE t.typtype = 'd'
            ), resolved AS (
                SELECT b.type, b.base FROM base b JOIN pg_type t ON t.oid = b.base WHERE t.typtype <> 'd'
            ), part AS (
                SELECT r.base AS type, r.base AS part FROM resolved r
                UNION
                SELECT p.type, x.part
                FROM part p JOIN pg_type t ON t.oid = p.part
                CROSS JOIN LATERAL (
                    SELECT t.typbasetype AS part WHERE t.typtype = 'd'
                    UNION ALL
                    SELECT t.typelem WHERE t.typcategory = 'A' AND t.typelem <> 0
                    UNION ALL
                    SELECT f.atttypid FROM pg_attribute f
                    WHERE t.typtype = 'c' AND f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped
                ) x
            ), class AS (
                SELECT t.oid AS type, m.amname, o.opcfamily, o.opcintype
                FROM pg_type t
                CROSS JOIN (SELECT oid, amname FROM pg_am WHERE amname IN ('btree', 'hash')) m
                CROSS JOIN LATERAL (
                    SELECT o.opcfamily, o.opcintype
                    FROM pg_opclass o JOIN pg_type i ON i.oid = o.opcintype
                    WHERE o.opcmethod = m.oid AND o.opcdefault
                        AND (o.opcintype = t.oid
                            OR o.opcintype = CASE WHEN t.typtype = 'e' THEN to_regtype('anyenum')
                                WHEN t.typtype = 'r' THEN to_regtype('anyrange')
                                WHEN t.typtype = 'm' THEN to_regtype('anymultirange')
                                WHEN t.typtype = 'c' THEN to_regtype('record')
                                WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN to_regtype('anyarray') END
                            OR EXISTS (SELECT FROM pg_cast k WHERE k.castsource = t.oid AND k.casttarget = o.opcintype
                                AND k.castmethod = 'b' AND k.castcontext = 'i'))
                    ORDER BY o.opcintype = t.oid DESC, i.typispreferred DESC
                    LIMIT 1
                ) o
                WHERE t.oid IN (SELECT part FROM part)
            ), operator AS (
                SELECT c.type, c.amname, s.amopstrategy, c.opcintype, s.amopopr,
                       'OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')' AS name
                FROM class c
                JOIN pg_amop s ON s.amopfamily = c.opcfamily AND s.amoplefttype = c.opcintype
                    AND s.amoprighttype = c.opcintype AND s.amoppurpose = 's'
                JOIN pg_operator o ON o.oid = s.amopopr
                JOIN pg_namespace n ON n.oid = o.oprnamespace
            ), answer AS (
                SELECT r.type, format_type(r.base, -1) AS name,
                       r.type <> r.base AND EXISTS (SELECT FROM class c WHERE c.type = r.base AND c.opcintype
                           IN (to_regtype('anyenum'), to_regtype('anyrange'), to_regtype('anymultirange'),
                               to_regtype('record'))) AS needs_cast,
                       NOT EXISTS (SELECT FROM part p WHERE p.type = r.base
                           AND NOT EXISTS (SELECT FROM class c WHERE c.type = p.part)
                           AND NOT EXISTS (SELECT FROM pg_type d WHERE d.oid = p.part AND d.typtype = 'd')) AS searchable,
                       NOT EXISTS (SELECT FROM part p WHERE p.type = r.base
                           AND NOT EXISTS (SELECT FROM class c WHERE c.type = p.part AND c.amname = 'btree')
                           AND NOT EXISTS (SELECT FROM pg_type d WHERE d.oid = p.part AND d.typtype = 'd')) AS ordered,
                       coalesce((SELECT o.name FROM operator o WHERE o.type = r.base AND o.amname = 'btree' AND o.amopstrategy = 3),
                           (SELECT o.name FROM operator o WHERE o.type = r.base AND o.amname = 'hash' AND o.amopstrategy = 1)) AS equality,
                       (SELECT o.name FROM operator o WHERE o.type = r.base AND o.amname = 'btree' AND o.amopstrategy = 1) AS less,
                       (SELECT o.name FROM operator o WHERE o.type = r.base AND o.amname = 'btree' AND o.amopstrategy = 2) AS at_most,
                       (SELECT o.name FROM operator o WHERE o.type = r.base AND o.amname = 'btree' AND o.amopstrategy = 4) AS at_least,
                       (SELECT o.name FROM operator o WHERE o.type = r.base AND o.amname = 'btree' AND o.amopstrategy = 5) AS greater,
                       {least} AS least, {greatest} AS greatest
                FROM resolved r
            )
            SELECT n.nspname, c.relname, coalesce(i.relname, '') AS index_name, k.position,
                   CASE WHEN a.needs_cast THEN '(' || k.expression || ')::' || a.name ELSE k.expression END
                       || coalesce(' COLLATE ' || k.collation, '') AS expression, k.attname,
                   a.name AS type, CASE WHEN a.searchable THEN a.equality END AS equality,
                   CASE WHEN a.ordered THEN a.less END AS less, a.at_most, a.greater, a.at_least, a.least, a.greatest,
                   pg_get_expr(x.indpred, x.indrelid) AS predicate
            FROM key k
            JOIN pg_class c ON c.oid = k.relation
            JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_class i ON i.oid = k.index
            LEFT JOIN pg_index x ON x.indexrelid = k.index
            LEFT JOIN answer a ON a.type = k.type
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", i.relname COLLATE "C" NULLS FIRST, k.position
            """.replace("{least}", aggregate(1)).replace("{greatest}", aggregate(5));

    private static final String UNUSABLE = """
            WITH wanted AS (
                SELECT DISTINCT to_regclass(r)::oid AS oid FROM unnest(?::text[]) r
            ), relation AS (
                SELECT w.oid AS parent, w.oid FROM wanted w
                UNION ALL
                SELECT w.oid, h.inhrelid FROM wanted w JOIN pg_inherits h ON h.inhparent = w.oid
            )
            SELECT pn.nspname AS parent_schema, p.relname AS parent, n.nspname, i.relname
            FROM relation r
            JOIN pg_index x ON x.indrelid = r.oid AND NOT (x.indisvalid AND x.indisready)
            JOIN pg_class i ON i.oid = x.indexrelid
            JOIN pg_namespace n ON n.oid = i.relnamespace
            JOIN pg_class p ON p.oid = r.parent
            JOIN pg_namespace pn ON pn.oid = p.relnamespace
            ORDER BY n.nspname COLLATE "C", i.relname COLLATE "C"
            """;

    private AccessPathQueries() {}

    private record Row(
            QualifiedName relation,
            String index,
            @Nullable String column,
            SearchKey key,
            @Nullable String predicate) {}

    private record Unusable(QualifiedName relation, QualifiedName index) {}

    /** The aggregate that is an operator's first value: the least by "less than", the greatest by "greater than". */
    private static String aggregate(int strategy) {
        return """
                (SELECT quote_ident(gn.nspname) || '.' || quote_ident(p.proname)
                 FROM operator o
                 JOIN pg_aggregate g ON g.aggsortop = o.amopopr AND g.aggkind = 'n'
                 JOIN pg_proc p ON p.oid = g.aggfnoid AND p.pronargs = 1 AND p.proargtypes[0] = o.opcintype
                 JOIN pg_namespace gn ON gn.oid = p.pronamespace
                 WHERE o.type = r.base AND o.amname = 'btree' AND o.amopstrategy = {strategy}
                 ORDER BY p.oid LIMIT 1)""".replace("{strategy}", String.valueOf(strategy));
    }

    /** The access paths of these tables. */
    public static Map<QualifiedName, AccessPaths> read(Queries queries, Collection<QualifiedName> relations) {
        Object names = relations.stream().map(AccessPathQueries::quoted).toArray(String[]::new);
        Map<QualifiedName, List<QualifiedName>> unusable = queries
                .list(
                        UNUSABLE,
                        row -> new Unusable(name(row, "parent_schema", "parent"), name(row, "nspname", "relname")),
                        names)
                .stream()
                .collect(groupingBy(Unusable::relation, mapping(Unusable::index, toList())));
        Map<QualifiedName, List<Row>> rows = queries.list(KEYS, AccessPathQueries::row, names).stream()
                .collect(groupingBy(Row::relation, LinkedHashMap::new, toList()));
        Map<QualifiedName, AccessPaths> paths = new LinkedHashMap<>();
        rows.forEach((relation, keys) ->
                paths.put(relation, paths(relation, keys, unusable.getOrDefault(relation, List.of()))));
        return paths;
    }

    private static String quoted(QualifiedName name) {
        return '"' + name.schema().replace("\"", "\"\"") + "\".\"" + name.name().replace("\"", "\"\"") + '"';
    }

    private static Row row(Record row) {
        @Nullable String less = optionalString(row, "less");
        @Nullable String type = optionalString(row, "type");
        return new Row(
                name(row, "nspname", "relname"),
                string(row, "index_name"),
                optionalString(row, "attname"),
                new SearchKey(
                        string(row, "expression"),
                        type == null ? "" : type,
                        optionalString(row, "equality"),
                        less == null
                                ? null
                                : new Order(
                                        less,
                                        string(row, "at_most"),
                                        string(row, "greater"),
                                        string(row, "at_least"),
                                        optionalString(row, "least"),
                                        optionalString(row, "greatest"))),
                optionalString(row, "predicate"));
    }

    private static AccessPaths paths(QualifiedName relation, List<Row> rows, List<QualifiedName> unusable) {
        Map<String, SearchKey> columns = new LinkedHashMap<>();
        Map<String, List<Row>> indexes = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.index().isEmpty() && row.column() != null) {
                columns.put(row.column(), row.key());
            } else {
                indexes.computeIfAbsent(row.index(), name -> new ArrayList<>()).add(row);
            }
        }
        List<SearchIndex> searchable = new ArrayList<>();
        indexes.forEach((name, keys) -> {
            List<SearchKey> first = keys.stream()
                    .map(Row::key)
                    .takeWhile(key -> key.equality() != null)
                    .toList();
            List<String> names = new ArrayList<>();
            for (Row key : keys) {
                if (key.column() != null) {
                    names.add(key.column());
                }
            }
            searchable.add(new SearchIndex(name, first, names, keys.get(0).predicate()));
        });
        return new AccessPaths(relation, columns, searchable, unusable);
    }
}
