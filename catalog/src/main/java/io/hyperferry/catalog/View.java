package io.hyperferry.catalog;

import java.util.List;
import java.util.Objects;

/**
 * A view, a materialized view, or the view of a continuous aggregate.
 *
 * @param name the view's name
 * @param oid its OID, by which a dump's table of contents names it
 * @param kind what it is
 * @param dependsOn the tables and views that its definition reads, directly; of a continuous aggregate, what its user named, not its
 *     own storage
 */
public record View(QualifiedName name, long oid, Kind kind, List<QualifiedName> dependsOn) {
    /** What a view is. */
    public enum Kind {
        /** An ordinary view. */
        VIEW,
        /** A materialized view. */
        MATERIALIZED_VIEW,
        /** The view of a TimescaleDB continuous aggregate. */
        CONTINUOUS_AGGREGATE
    }

    public View {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        dependsOn = List.copyOf(dependsOn);
    }
}
