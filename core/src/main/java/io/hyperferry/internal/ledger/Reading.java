package io.hyperferry.internal.ledger;

/** How a slice was read on the source. The names are stored. */
public enum Reading {
    /** Under the run's snapshot. */
    SNAPSHOT,
    /** Under a snapshot that was exported after the run's first one was lost with its session. */
    LATER_SNAPSHOT,
    /** As it was when its turn came, because the run holds no snapshot. */
    EACH_SLICE,
    /** As it was when its turn came, because the relation was rewritten after the snapshot. */
    REWRITTEN,
    /** Not at all: the relation was gone, dropped on the source after the plan was made. */
    DROPPED
}
