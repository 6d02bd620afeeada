package io.hyperferry;

import io.hyperferry.testkit.TestDatabase;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Splits and merges chunks of a hypertable, chosen by chance. */
final class MovedChunks {
    private static final String CHUNKS = """
            SELECT format('%I.%I', chunk_schema, chunk_name),
                   extract(epoch FROM range_start)::bigint, extract(epoch FROM range_end)::bigint
            FROM timescaledb_information.chunks WHERE hypertable_name = 'readings' ORDER BY range_start""";

    private final TestDatabase source;
    private final Random random;
    private final AtomicInteger moves = new AtomicInteger();

    MovedChunks(TestDatabase source, long seed) {
        this.source = source;
        this.random = new Random(seed);
    }

    /** How many chunks were split or merged. */
    int moves() {
        return moves.get();
    }

    /** Splits a chunk, or merges two; a chunk that somebody reads for long, or that cannot be merged with its neighbour, stays as it is. */
    void move() {
        List<List<String>> chunks = source.rows(CHUNKS);
        int chosen = random.nextInt(chunks.size());
        List<String> chunk = chunks.get(chosen);
        long from = Long.parseLong(chunk.get(1));
        long to = Long.parseLong(chunk.get(2));
        boolean last = chosen == chunks.size() - 1;
        if (last && to - from < 7200) {
            return;
        }
        String move = last || (random.nextBoolean() && to - from >= 7200)
                ? "CALL split_chunk('" + chunk.get(0) + "', to_timestamp("
                        + (from + 60L * (1 + random.nextInt((int) (to - from) / 60 - 1))) + "))"
                : "CALL merge_chunks('" + chunk.get(0) + "', '"
                        + chunks.get(chosen + 1).get(0) + "')";
        try {
            source.execute("SET lock_timeout = '1s'", move);
            moves.incrementAndGet();
        } catch (IllegalStateException e) {
            // The next one is another.
        }
    }
}
