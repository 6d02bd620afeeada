package io.hyperferry.internal.schema;

import org.jspecify.annotations.Nullable;

/**
 * One object of the source's schema, as the ledger keeps it.
 *
 * @param position its place in the order of restoring, from 1
 * @param section whether it comes before or after the rows
 * @param kind what it is, in pg_dump's words
 * @param name its name, for people
 * @param sql the statements that restore it
 * @param leftOut why it is not restored, or null when it is
 */
public record SchemaEntry(
        int position,
        Section section,
        String kind,
        String name,
        String sql,
        @Nullable String leftOut) {
    /** The reason of what TimescaleDB makes by itself on the target; nothing is missing without it. */
    public static final String NOT_ITS_OWN = "made by TimescaleDB itself";

    /** When an entry is restored. */
    public enum Section {
        /** Before the rows. */
        PRE_DATA,
        /** After the rows. */
        POST_DATA
    }

    /** For people. */
    public String title() {
        return kind + " " + name;
    }
}
