package io.hyperferry.internal.schema;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of the source's schema, as the ledger keeps it.
 *
 * @param position its place in the order of restoring, from 1
 * @param section when it is restored
 * @param kind what it is, in pg_dump's words
 * @param name its name, for people
 * @param sql the statements that restore it
 * @param leftOut why it is not restored, or null when it is
 * @param build what it takes to restore it beside others
 */
public record SchemaEntry(
        int position,
        Section section,
        String kind,
        String name,
        String sql,
        @Nullable String leftOut,
        Build build) {
    /** The reason of what TimescaleDB makes by itself on the target; nothing is missing without it. */
    public static final String NOT_ITS_OWN = "made by TimescaleDB itself";

    /** The reason of what a pattern of the exclude filter names by kind and name. */
    static final String EXCLUDED = "excluded";

    private static final Set<String> RELATIONS = Set.of("TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW");

    /** Kinds of entries that are part of another object, or say something about one. */
    private static final Set<String> PARTS = Set.of(
            "ACL",
            "COMMENT",
            "INDEX",
            "INDEX ATTACH",
            "MATERIALIZED VIEW DATA",
            "ROW SECURITY",
            "SECURITY LABEL",
            "SEQUENCE",
            "SEQUENCE OWNED BY",
            "STATISTICS",
            "TABLE ATTACH");

    /**
     * Whether it is skipped although it is no part of these relations, because it needs one of them or something else that is skipped.
     *
     * @param relations the names of the relations that are skipped
     */
    public boolean isSkippedDependent(Set<String> relations) {
        return (EXCLUDED.equals(leftOut) && !relations.contains(name)) || isSkippedWithOthers(relations);
    }

    private boolean isSkippedWithOthers(Set<String> relations) {
        return leftOut != null
                && !leftOut.equals(NOT_ITS_OWN)
                && !PARTS.contains(kind)
                && !relations.contains(name)
                && (relations.stream().noneMatch(relation -> name.startsWith(relation + " "))
                        || kind.equals("PUBLICATION TABLE"));
    }

    /** Whether it creates a table, whose rows are copied unless the table is skipped. */
    public boolean isTable() {
        return kind.equals("TABLE");
    }

    /** Whether it creates a table or a view. */
    public boolean isRelation() {
        return RELATIONS.contains(kind);
    }

    /** Whether it is part of another object, or says something about one. */
    public boolean isPart() {
        return PARTS.contains(kind);
    }

    /** Whether it computes something of the rows of tables. */
    public boolean readsRows() {
        return kind.equals("MATERIALIZED VIEW DATA");
    }

    /** Whether it is restored. */
    public boolean isRestored() {
        return leftOut == null;
    }

    /** Whether it is skipped, and not because TimescaleDB makes it. */
    public boolean isSkipped() {
        return leftOut != null && !leftOut.equals(NOT_ITS_OWN);
    }

    /** The name under which a dump has a foreign key. */
    public static String foreignKey(String table, String name) {
        return table + " " + name;
    }

    /** When an entry is restored. */
    public enum Section {
        /** Before the rows. */
        PRE_DATA,
        /** Before the rows, and after the continuous aggregates that it needs. */
        DEPENDENTS,
        /** Before the rows: indexes of tables whose chunks are compressed before the other indexes are built. */
        EARLY,
        /** After the rows. */
        POST_DATA,
        /** After everything else, because it reads the rows, or would interfere with what comes before it. */
        LAST
    }

    /**
     * What it takes to restore an entry beside others.
     *
     * @param id its number in the dump
     * @param needs the numbers of the entries that come before it
     * @param tables those of them that are tables, which it locks
     * @param weight the bytes of the largest of these tables
     */
    public record Build(int id, Set<Integer> needs, Set<Integer> tables, long weight) {
        public Build {
            needs = Set.copyOf(needs);
            tables = Set.copyOf(tables);
        }
    }

    /** The same entry at another place. */
    public SchemaEntry at(int place) {
        return new SchemaEntry(place, section, kind, name, sql, leftOut, build);
    }

    /** For people. */
    public String title() {
        return kind + " " + name;
    }
}
