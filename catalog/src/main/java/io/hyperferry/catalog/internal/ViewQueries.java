package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.View;
import java.util.List;
import java.util.Map;
import org.jooq.Record;

/** Views, materialized views and continuous aggregates, with what they read. */
public final class ViewQueries {
    private ViewQueries() {}

    private record Aggregate(QualifiedName name, long direct) {}

    private record Storage(QualifiedName view, QualifiedName hypertable) {}

    private record Reads(long view, QualifiedName relation) {}

    /** Continuous aggregates, each with the OID of the internal view that keeps its definition as the user wrote it. */
    public static Map<QualifiedName, Long> continuousAggregates(Queries queries) {
        return queries
                .list("""
                        SELECT ca.user_view_schema, ca.user_view_name, d.oid::bigint AS direct
                        FROM _timescaledb_catalog.continuous_agg ca
                        JOIN pg_namespace n ON n.nspname = ca.direct_view_schema
                        JOIN pg_class d ON d.relnamespace = n.oid AND d.relname = ca.direct_view_name
                        """, row -> new Aggregate(name(row, "user_view_schema", "user_view_name"), number(row, "direct")))
                .stream()
                .collect(toMap(Aggregate::name, Aggregate::direct));
    }

    /** The storages of continuous aggregates, by the names of their views; none without TimescaleDB. */
    public static Map<QualifiedName, QualifiedName> aggregateStorages(Queries queries) {
        if (!queries.holds("to_regclass('_timescaledb_catalog.continuous_agg') IS NOT NULL")) {
            return Map.of();
        }
        return queries
                .list(
                        """
                        SELECT ca.user_view_schema, ca.user_view_name, h.schema_name, h.table_name
                        FROM _timescaledb_catalog.continuous_agg ca
                        JOIN _timescaledb_catalog.hypertable h ON h.id = ca.mat_hypertable_id
                        """,
                        row -> new Storage(
                                name(row, "user_view_schema", "user_view_name"),
                                name(row, "schema_name", "table_name")))
                .stream()
                .collect(toMap(Storage::view, Storage::hypertable));
    }

    public static List<View> read(Queries queries, Map<QualifiedName, Long> aggregates) {
        Map<Long, List<QualifiedName>> reads =
                reads(queries).stream().collect(groupingBy(Reads::view, mapping(Reads::relation, toList())));
        return queries.listOfUsers("""
                SELECT c.oid::bigint AS oid, n.nspname, c.relname, c.relkind
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND {user_object}
                ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
                """, "pg_class", "c.oid", row -> view(row, reads, aggregates));
    }

    private static View view(Record row, Map<Long, List<QualifiedName>> reads, Map<QualifiedName, Long> aggregates) {
        QualifiedName name = name(row, "nspname", "relname");
        long oid = number(row, "oid");
        View.Kind kind = aggregates.containsKey(name)
                ? View.Kind.CONTINUOUS_AGGREGATE
                : string(row, "relkind").equals("m") ? View.Kind.MATERIALIZED_VIEW : View.Kind.VIEW;
        return new View(name, oid, kind, reads.getOrDefault(aggregates.getOrDefault(name, oid), List.of()));
    }

    private static List<Reads> reads(Queries queries) {
        return queries.list("""
                SELECT DISTINCT r.ev_class::bigint AS view, n.nspname, c.relname
                FROM pg_rewrite r
                JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                    AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
                JOIN pg_class c ON c.oid = d.refobjid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE r.rulename = '_RETURN'
                ORDER BY 1, 2, 3
                """, row -> new Reads(number(row, "view"), name(row, "nspname", "relname")));
    }
}
