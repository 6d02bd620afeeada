package io.hyperferry.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java in the README and in the Javadoc compiles as it stands there, and the scripts that the README names are there. */
class DocumentedCodeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern README_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVADOC_BLOCK =
            Pattern.compile("<pre>\\{@code\\n(.*?)\\n *\\* *}</pre>", Pattern.DOTALL);

    /** What readers of a block know from the words around it. */
    private static final String AROUND = """
            import static org.assertj.core.api.Assertions.assertThat;
            import io.hyperferry.*;
            import io.hyperferry.catalog.*;
            import io.hyperferry.copy.*;
            import io.hyperferry.testkit.*;
            import java.nio.file.*;
            import java.sql.Connection;
            import java.time.*;
            import java.util.*;
            import javax.sql.DataSource;
            import org.junit.jupiter.api.Test;
            import org.junit.jupiter.api.extension.ExtendWith;

            abstract class Block {
                Migration migration;
                MigrationPlan later;
                DataSource source;
                DataSource target;
                io.micrometer.core.instrument.MeterRegistry registry;
                Connection connection;
                Path directory;
                List<CopyTask> tasks;
                String json;
                String golden;
                %s
            }
            """;

    static Stream<Arguments> blocks() throws IOException {
        List<Arguments> blocks = new ArrayList<>();
        add("README.md", Files.readString(ROOT.resolve("README.md")), README_BLOCK, blocks);
        for (String module : List.of("catalog", "copy", "core", "testkit")) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path source : sources.filter(it -> it.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    add(String.valueOf(source.getFileName()), Files.readString(source), JAVADOC_BLOCK, blocks);
                }
            }
        }
        return blocks.stream();
    }

    private static void add(String file, String text, Pattern block, List<Arguments> blocks) {
        Matcher found = block.matcher(text);
        while (found.find()) {
            long line = text.substring(0, found.start()).lines().count() + 1;
            String code = file.endsWith(".java")
                    ? found.group(1).replaceAll("(?m)^ *\\* ?", "").replace("{@literal @}", "@")
                    : found.group(1);
            blocks.add(Arguments.of(file + ", line " + line, code));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void compiles(String where, String code, @TempDir Path directory) throws IOException {
        boolean isClass = code.contains("class ");
        String source = isClass ? around("static " + code) : around("void read() throws Exception {\n" + code + "\n}");

        assertThat(errors(source, directory)).as("%s\n%s", where, code).isEmpty();
    }

    @Test
    void what_is_wrong_does_not_compile(@TempDir Path directory) throws IOException {
        assertThat(errors(around("void read() { migration.splitBy(7); }"), directory))
                .contains("incompatible types");
    }

    @Test
    void the_scripts_that_the_readme_names_are_there() throws IOException {
        Matcher script = Pattern.compile("`?(dev/[a-z]+)").matcher(Files.readString(ROOT.resolve("README.md")));
        List<String> scripts =
                script.results().map(it -> it.group(1)).distinct().toList();

        assertThat(scripts).contains("dev/demo", "dev/test", "dev/bench");
        assertThat(scripts).allMatch(it -> Files.isExecutable(ROOT.resolve(it)), "is a script");
    }

    private static String around(String code) {
        return AROUND.replace("%s", code);
    }

    private static String errors(String source, Path directory) throws IOException {
        Path file = directory.resolve("Block.java");
        Files.writeString(file, source);
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        String path = System.getProperty("java.class.path")
                + System.getProperty("path.separator")
                + System.getProperty("jdk.module.path", "");
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(out, out, "-proc:none", "-classpath", path, "-d", directory.toString(), file.toString());
        return result == 0 ? "" : said.toString().strip();
    }
}
