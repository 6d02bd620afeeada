package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Tables and their columns. */
public final class TableQueries {
    private TableQueries() {}

    private record ColumnOf(long table, Column column) {}

    private record ParentOf(long table, QualifiedName parent) {}

    /**
     * The tables.
     *
     * @param columns their columns, by OID
     */
    public static List<Table> read(
            Queries queries, List<Hypertable> hypertables, Set<QualifiedName> chunks, Map<Long, List<Column>> columns) {
        Map<Long, List<QualifiedName>> parents =
                parents(queries).stream().collect(groupingBy(ParentOf::table, mapping(ParentOf::parent, toList())));
        Map<QualifiedName, Hypertable> hypertableOf = hypertables.stream().collect(toMap(Hypertable::name, it -> it));
        return queries.listOfUsers("""
                        SELECT c.oid::bigint AS oid, n.nspname, c.relname, c.relkind,
                               greatest(c.reltuples, 0)::bigint AS estimated_rows,
                               CASE WHEN c.relkind = 'r' THEN coalesce(pg_table_size(c.oid), 0) ELSE 0 END AS bytes,
                               CASE WHEN c.relkind = 'r' AND m.amname = 'heap'
                                   THEN coalesce(pg_relation_size(c.oid), 0) / current_setting('block_size')::bigint
                                   ELSE 0 END AS pages
                        FROM pg_class c
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        LEFT JOIN pg_am m ON m.oid = c.relam
                        WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND {user_object}
                        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
                        """, "pg_class", "c.oid", row -> table(row, columns, parents, hypertableOf)).stream()
                .filter(table -> !chunks.contains(table.name()))
                .toList();
    }

    private static Table table(
            Record row,
            Map<Long, List<Column>> columns,
            Map<Long, List<QualifiedName>> parents,
            Map<QualifiedName, Hypertable> hypertables) {
        QualifiedName name = name(row, "nspname", "relname");
        long oid = number(row, "oid");
        List<Column> own = columns.getOrDefault(oid, List.of());
        @Nullable Hypertable hypertable = hypertables.get(name);
        if (hypertable != null) {
            List<Chunk> chunks = hypertable.chunks();
            return new Table(
                    name,
                    oid,
                    Table.Kind.HYPERTABLE,
                    own,
                    chunks.stream().mapToLong(Chunk::estimatedRows).sum(),
                    chunks.stream().mapToLong(Chunk::bytes).sum());
        }
        return new Table(
                name,
                oid,
                kind(string(row, "relkind")),
                own,
                number(row, "estimated_rows"),
                number(row, "bytes"),
                parents.getOrDefault(oid, List.of()),
                number(row, "pages"));
    }

    private static List<ParentOf> parents(Queries queries) {
        return queries.listOfUsers(
                """
                SELECT i.inhrelid::bigint AS oid, n.nspname, c.relname
                FROM pg_inherits i
                JOIN pg_class c ON c.oid = i.inhparent
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'f') AND {user_object}
                ORDER BY i.inhrelid, i.inhseqno
                """, "pg_class", "c.oid", row -> new ParentOf(number(row, "oid"), name(row, "nspname", "relname")));
    }

    private static Table.Kind kind(String relkind) {
        return switch (relkind) {
            case "p" -> Table.Kind.PARTITIONED;
            case "f" -> Table.Kind.FOREIGN;
            default -> Table.Kind.PLAIN;
        };
    }

    /**
     * The columns of all tables and of what continuous aggregates keep their rows in, by the OIDs of the tables.
     *
     * <p>Scalar types are listed by name, since no catalog tells what is in a binary form. That of an array has a flag which outlives the nulls that it
     * tells of; those of enums, composites and domains have to do with OIDs. A type has a binary form for other servers when everything
     * that it is made of has one. Only types that a table uses are looked into: each chunk is a type, too.
     */
    public static Map<Long, List<Column>> columns(Queries queries, boolean timescale) {
        String storage = timescale
                ? "(n.nspname, c.relname) IN (SELECT h.schema_name, h.table_name FROM _timescaledb_catalog.continuous_agg a"
                        + " JOIN _timescaledb_catalog.hypertable h ON h.id = a.mat_hypertable_id)"
                : "false";
        return queries
                .listOfUsers(
                        """
                WITH RECURSIVE used AS (
                    SELECT DISTINCT a.atttypid AS type
                    FROM pg_attribute a
                    JOIN pg_class c ON c.oid = a.attrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
                        AND ({user_object} OR {storage})
                ), component AS (
                    SELECT u.type, u.type AS base FROM used u
                    UNION
                    SELECT p.type, x.base
                    FROM component p JOIN pg_type t ON t.oid = p.base
                    CROSS JOIN LATERAL (
                        SELECT t.typbasetype AS base WHERE t.typtype = 'd'
                        UNION ALL
                        SELECT r.rngsubtype FROM pg_range r
                        WHERE t.oid = r.rngtypid OR t.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid
                        UNION ALL
                        SELECT t.typelem WHERE t.typcategory = 'A' AND t.typelem <> 0
                        UNION ALL
                        SELECT f.atttypid FROM pg_attribute f
                        WHERE t.typtype = 'c' AND f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped
                    ) x
                ), local AS (
                    SELECT p.type
                    FROM component p JOIN pg_type t ON t.oid = p.base
                    WHERE (t.typsend = 0 OR t.typreceive = 0)
                       OR (t.typnamespace = 'pg_catalog'::regnamespace
                           AND (t.typname = 'tsquery' OR t.typname ~ '^reg(class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type)$'))
                )
                SELECT a.attrelid::bigint AS oid, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
                       a.attnotnull, a.attgenerated <> '' AS generated,
                       y.typnamespace = 'pg_catalog'::regnamespace AND y.typname = ANY ('{bool,int2,int4,int8,oid,float4,float8,numeric,money,
                           char,name,text,varchar,bpchar,bytea,date,time,timetz,timestamp,timestamptz,interval,uuid,json,jsonb,inet,cidr,macaddr,
                           macaddr8,bit,varbit,pg_lsn}') AS scalar,
                       a.atttypid NOT IN (SELECT l.type FROM local l) AS is_binary
                FROM pg_attribute a
                JOIN pg_type y ON y.oid = a.atttypid
                JOIN pg_class c ON c.oid = a.attrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
                    AND ({user_object} OR {storage})
                ORDER BY a.attrelid, a.attnum
                """.replace("{storage}", storage),
                        "pg_class",
                        "c.oid",
                        row -> new ColumnOf(
                                number(row, "oid"),
                                new Column(
                                        string(row, "attname"),
                                        string(row, "type"),
                                        flag(row, "attnotnull"),
                                        flag(row, "generated"),
                                        flag(row, "scalar"),
                                        flag(row, "is_binary"))))
                .stream()
                .collect(groupingBy(ColumnOf::table, mapping(ColumnOf::column, toList())));
    }
}
