package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;

/**
 * A table that an application sees: plain, partitioned, foreign, or the root of a hypertable. Chunks are not tables here.
 *
 * @param name the table's name
 * @param oid its OID, by which a dump's table of contents names it
 * @param kind what it is
 * @param columns the columns in their order, without dropped ones
 * @param estimatedRows the planner's estimate; of a hypertable, of all its chunks; 0 when it was never analyzed
 * @param bytes what it takes on disk as row-store, without indexes; of a hypertable, all its chunks
 * @param parents the tables that it inherits from, or of which it is a partition
 * @param pages the pages of its heap, by which its rows can be told apart; 0 when they cannot, because it is empty, no plain table, or kept by
 *     another access method
 */
public record Table(
        QualifiedName name,
        long oid,
        Kind kind,
        List<Column> columns,
        long estimatedRows,
        long bytes,
        List<QualifiedName> parents,
        long pages) {
    /** What a table is. */
    public enum Kind {
        /** A table with rows of its own; a partition is one, too. */
        PLAIN,
        /** A declaratively partitioned table: its partitions have the rows. */
        PARTITIONED,
        /** A foreign table: its rows are on another server. */
        FOREIGN,
        /** The root of a hypertable: its chunks have the rows. */
        HYPERTABLE
    }

    public Table {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        columns = List.copyOf(columns);
        parents = List.copyOf(parents);
    }

    /** A table without parents, whose pages are not known. */
    public Table(QualifiedName name, long oid, Kind kind, List<Column> columns, long estimatedRows, long bytes) {
        this(name, oid, kind, columns, estimatedRows, bytes, List.of(), 0);
    }

    /** The columns whose values travel: all but the generated ones. */
    public List<Column> copiedColumns() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }

    /** The columns whose values each server computes by itself. */
    public List<Column> generatedColumns() {
        return columns.stream().filter(Column::generated).toList();
    }
}
