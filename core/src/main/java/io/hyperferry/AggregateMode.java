package io.hyperferry;

/** What becomes of the rows of continuous aggregates. Their definitions travel in any case. */
public enum AggregateMode {
    /**
     * All materialized rows are copied, those whose raw data is gone included, with what is known about their age. Nothing is computed
     * anew where the target's role is a superuser. Else TimescaleDB has to see each aggregate refreshed once on the target; the
     * copied rows take the place of the computed ones after that.
     */
    KEEP_HISTORY,
    /** No row is copied; what the raw data on the target still gives is computed there. Rows whose raw data is gone are lost. */
    RECOMPUTE,
    /** No row is copied or computed: the aggregates are there, and empty until somebody refreshes them. */
    DEFINITIONS_ONLY
}
