/** The hyperferry command line, the bench, and programs that show how to embed the library. */
module io.hyperferry.examples {
    requires com.zaxxer.hikari;
    requires io.hyperferry.copy;
    requires micrometer.core;
    requires org.postgresql.jdbc;
    requires info.picocli;
    requires io.hyperferry;
    requires java.management;
    requires java.sql;
    requires jdk.unsupported; // Ctrl-C: sun.misc.Signal
    requires me.tongfei.progressbar;
    requires static org.jspecify;

    opens io.hyperferry.examples.bench to
            info.picocli;
    opens io.hyperferry.examples.cli to
            info.picocli;
}
