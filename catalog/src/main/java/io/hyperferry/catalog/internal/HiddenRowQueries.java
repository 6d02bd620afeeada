package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.joining;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts rows of compressed chunks that no query shows: queries read what is not compressed of a chunk only where its status says that it is
 * partly compressed. Only chunks whose relation has pages are counted; compressing a chunk leaves none. A chunk
 * that is marked as compressed without a compressed relation is not read: that crashes servers.
 */
final class HiddenRowQueries {
    private static final int CHUNKS_AT_ONCE = 500;

    private HiddenRowQueries() {}

    private record Suspect(long chunk, String relation) {}

    private record Hidden(long chunk, long rows) {}

    /** The hidden rows, by the id of the chunk; no chunk without any. */
    static Map<Long, Long> read(Queries queries, Features features) {
        List<Suspect> suspects = queries.list(
                """
                SELECT ch.id, format('%I.%I', n.nspname, c.relname) AS relation
                FROM _timescaledb_catalog.chunk ch
                JOIN pg_class c ON {relation}
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_am m ON m.oid = c.relam AND m.amname = 'heap'
                JOIN _timescaledb_catalog.hypertable h ON h.id = ch.hypertable_id
                WHERE {visible} AND ch.status & 9 = 1 AND has_table_privilege(c.oid, 'SELECT')
                    AND pg_relation_size(c.oid) > 0 AND {compressed}
                """.replace("{relation}", HypertableQueries.relationOfChunk(features))
                        .replace("{compressed}", HypertableQueries.hasCompressedRelation(features))
                        .replace("{visible}", HypertableQueries.VISIBLE),
                row -> new Suspect(number(row, "id"), string(row, "relation")));
        Map<Long, Long> hidden = new HashMap<>();
        for (int i = 0; i < suspects.size(); i += CHUNKS_AT_ONCE) {
            queries
                    .list(
                            count(suspects.subList(i, Math.min(i + CHUNKS_AT_ONCE, suspects.size()))),
                            row -> new Hidden(number(row, "id"), number(row, "hidden")))
                    .stream()
                    .filter(chunk -> chunk.rows() > 0)
                    .forEach(chunk -> hidden.put(chunk.chunk(), chunk.rows()));
        }
        return hidden;
    }

    private static String count(List<Suspect> suspects) {
        return suspects.stream()
                .map(suspect -> "SELECT " + suspect.chunk() + "::bigint AS id, count(*) AS hidden FROM ONLY "
                        + suspect.relation())
                .collect(joining(" UNION ALL "));
    }
}
