package io.hyperferry.examples.bench;

/**
 * A part of a way, and what it took.
 *
 * @param kind what it is comparable to
 * @param title what it does
 * @param seconds by the clock
 * @param cpuSeconds processor time of the relay, user and system
 */
record Phase(Kind kind, String title, double seconds, double cpuSeconds) {
    /** What of one way is comparable to what of another. */
    enum Kind {
        /** What comes before the rows and after them, and only Hyperferry does: planning, schema, statistics, jobs. */
        AROUND,
        /** The rows. */
        COPY,
        /** Compression of what arrived as rows. */
        COMPRESS,
        /** Indexes and constraints. */
        INDEX,
        /** The proof that both sides are identical. */
        PROOF;

        /** Whether every way has to do it. */
        boolean comparable() {
            return this == COPY || this == COMPRESS || this == INDEX;
        }
    }
}
