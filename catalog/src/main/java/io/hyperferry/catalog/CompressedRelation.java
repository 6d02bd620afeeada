package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;

/**
 * What holds a chunk's rows in the columnstore: one tuple for up to a thousand rows.
 *
 * @param name the relation's name, which every server chooses for itself
 * @param layout how its tuples are to be read
 */
public record CompressedRelation(QualifiedName name, Layout layout) {
    public CompressedRelation {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(layout, "layout");
    }

    /**
     * How compressed tuples are to be read: a relation can take those of another with the same layout.
     *
     * @param columns the relation's columns: those by which rows are grouped, compressed ones, and TimescaleDB's own
     *     ({@code _ts_meta_…})
     * @param settings the segments and the order with which the chunk was compressed, as TimescaleDB's catalog spells them
     */
    public record Layout(List<Column> columns, String settings) {
        public Layout {
            columns = List.copyOf(columns);
            Objects.requireNonNull(settings, "settings");
        }
    }
}
