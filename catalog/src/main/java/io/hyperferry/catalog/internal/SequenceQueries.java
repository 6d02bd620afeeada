package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.flag;
import static io.hyperferry.catalog.internal.Queries.name;
import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalName;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.hyperferry.catalog.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Sequences and where they stand. */
public final class SequenceQueries {
    private SequenceQueries() {}

    /** Sequences read by one statement; each takes a lock until the transaction ends. */
    private static final int AT_ONCE = 100;

    private record Found(Sequence unread, String quoted) {}

    private record State(int position, long lastValue, boolean called) {}

    public static List<Sequence> read(Queries queries) {
        List<Found> found = queries.listOfUsers("""
                SELECT n.nspname, c.relname, format('%I.%I', n.nspname, c.relname) AS quoted, s.seqstart,
                       tn.nspname AS table_schema, t.relname AS table_name,
                       coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT'), false)
                           AS readable
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_sequence s ON s.seqrelid = c.oid
                LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
                    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
                LEFT JOIN pg_class t ON t.oid = d.refobjid
                LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
                WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND {user_object}
                ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
                """, "pg_class", "c.oid", SequenceQueries::found);
        List<Sequence> sequences = new ArrayList<>(found.size());
        for (int from = 0; from < found.size(); from += AT_ONCE) {
            sequences.addAll(withState(queries, found.subList(from, Math.min(from + AT_ONCE, found.size()))));
        }
        return sequences;
    }

    private static Found found(Record row) {
        return new Found(
                new Sequence(
                        name(row, "nspname", "relname"),
                        number(row, "seqstart"),
                        false,
                        optionalName(row, "table_schema", "table_name"),
                        flag(row, "readable")),
                string(row, "quoted"));
    }

    private static List<Sequence> withState(Queries queries, List<Found> found) {
        String sql = IntStream.range(0, found.size())
                .filter(i -> found.get(i).unread().readable())
                .mapToObj(i -> "SELECT " + i + " AS position, last_value, is_called FROM "
                        + found.get(i).quoted())
                .collect(joining(" UNION ALL "));
        Map<Integer, State> states = sql.isEmpty()
                ? Map.of()
                : queries.list(sql, SequenceQueries::state).stream().collect(toMap(State::position, it -> it));
        return IntStream.range(0, found.size())
                .mapToObj(i -> standing(found.get(i).unread(), states.get(i)))
                .toList();
    }

    private static State state(Record row) {
        return new State(Math.toIntExact(number(row, "position")), number(row, "last_value"), flag(row, "is_called"));
    }

    private static Sequence standing(Sequence unread, @Nullable State state) {
        return state == null
                ? unread
                : new Sequence(unread.name(), state.lastValue(), state.called(), unread.ownedBy());
    }
}
