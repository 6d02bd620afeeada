package io.hyperferry;

/** Which moment of the source the target shows. */
public enum Consistency {
    /**
     * All slices are read under one exported snapshot: one moment for the whole database. A chunk that TimescaleDB rewrote or
     * dropped meanwhile cannot be read under it; it is read as it is now, and the report says so. A run that was interrupted and
     * resumed has one snapshot for each of its attempts.
     */
    SNAPSHOT,
    /** Every slice is read as it is when its turn comes. No snapshot is held, so a run of days keeps nothing from being vacuumed. */
    EACH_SLICE
}
