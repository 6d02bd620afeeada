/**
 * Real TimescaleDB servers for tests: a JUnit 5 extension that gives a test class a source and a target
 * database.
 */
module io.hyperferry.testkit {
    requires transitive java.sql;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;
    requires org.junit.platform.commons;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires java.naming; // the PostgreSQL data source is a javax.naming.Referenceable
    requires testcontainers;

    exports io.hyperferry.testkit;
}
