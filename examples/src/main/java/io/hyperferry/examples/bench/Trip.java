package io.hyperferry.examples.bench;

import java.util.List;

/**
 * From where to where, and what all ways have in common.
 *
 * @param source the server of the source
 * @param sourceDatabase its database
 * @param target the server of the target
 * @param targetDatabase its database, which is empty but for the extension
 * @param dataset what is moved
 * @param parallelism how many slices at a time
 * @param tools the command under which {@code sh}, {@code psql} and {@code pg_dump} run; empty for those of this machine
 */
record Trip(
        Server source,
        String sourceDatabase,
        Server target,
        String targetDatabase,
        Dataset dataset,
        int parallelism,
        List<String> tools) {
    Trip {
        tools = List.copyOf(tools);
    }
}
