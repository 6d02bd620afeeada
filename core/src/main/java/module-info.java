/** Moves a TimescaleDB database to another server, and proves that both sides are identical. */
module io.hyperferry {
    requires transitive io.hyperferry.catalog;
    requires io.hyperferry.copy;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires transitive java.sql;
    requires java.naming;
    requires static micrometer.core;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.hyperferry;
}
