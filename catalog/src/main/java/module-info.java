/** Reads a TimescaleDB database into one immutable value, across versions. */
module io.hyperferry.catalog {
    requires transitive java.sql;
    requires org.jooq;
    requires static transitive org.jspecify;

    exports io.hyperferry.catalog;
}
