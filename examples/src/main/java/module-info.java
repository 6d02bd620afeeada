/** The hyperferry command line, and programs that show how to embed the library. */
module io.hyperferry.examples {
    requires info.picocli;
    requires io.hyperferry;
    requires jdk.unsupported; // Ctrl-C: sun.misc.Signal
    requires me.tongfei.progressbar;
    requires static org.jspecify;

    opens io.hyperferry.examples.cli to
            info.picocli;
}
