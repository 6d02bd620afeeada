/** Streams COPY between PostgreSQL servers, in parallel, with hooks inside the transactions that read and write. */
module io.hyperferry.copy {
    requires com.github.luben.zstd_jni;
    requires dev.failsafe.core;
    requires transitive java.sql;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.hyperferry.copy;
}
