package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;

import io.hyperferry.catalog.QualifiedName;

/**
 * How statements address a hypertable: by its name, or, when it is the storage of a continuous aggregate, by that one's view, since every
 * server names storages by itself.
 *
 * @param name the hypertable, or the view
 * @param aggregate whether it is a view
 */
public record Root(QualifiedName name, boolean aggregate) {
    /** A hypertable that users see. */
    public static Root hypertable(QualifiedName name) {
        return new Root(name, false);
    }

    /** The storage of a continuous aggregate. */
    public static Root storage(QualifiedName view) {
        return new Root(view, true);
    }

    /** An expression for its {@code regclass}. */
    public String regclass() {
        return aggregate
                ? "(SELECT format('%I.%I', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = "
                        + AggregateSql.catalog("mat_hypertable_id", name) + ")"
                : Identifiers.regclass(name);
    }

    /** What an {@code ALTER} names. */
    String altered() {
        return (aggregate ? "MATERIALIZED VIEW " : "TABLE ") + quote(name);
    }

    /** A statement that is executed with the hypertable's name in place of each {@code %1$s}. */
    public String execute(String format) {
        return aggregate
                ? "DO " + literal("BEGIN EXECUTE format(" + literal(format) + ", " + regclass() + "); END")
                : format.replace("%1$s", quote(name));
    }
}
