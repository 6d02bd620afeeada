package io.hyperferry.examples.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Loads one CSV file with psql's {@code \copy} and with Hyperferry, in turn; {@code dev/bench --csv} starts it. */
@Command(
        name = "bench --csv",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Loads a CSV file into a hypertable with psql and with Hyperferry, and says what each of them took.")
public final class CsvBench implements Callable<Integer> {
    private static final String DATABASE = "bench_csv";
    private static final String IN_TOOLS = "/tmp/hyperferry-bench.csv";

    @Option(names = "--source", required = true, paramLabel = "URL", defaultValue = "${env:HYPERFERRY_SOURCE}")
    String source = "";

    @Option(names = "--target", required = true, paramLabel = "URL", defaultValue = "${env:HYPERFERRY_TARGET}")
    String target = "";

    @Option(names = "--tools", split = " ", paramLabel = "COMMAND", description = "The command under which psql runs.")
    List<String> tools = new ArrayList<>();

    @Option(names = "--rows", paramLabel = "N", defaultValue = "10000000", description = "About how many rows.")
    long rows;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "How many times each way.")
    int rounds;

    @Option(names = "--parallelism", paramLabel = "N", defaultValue = "4", description = "Batches at a time.")
    int parallelism;

    @Option(
            names = "--jvm-options",
            split = " ",
            paramLabel = "OPTIONS",
            defaultValue = "-Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            description = "What Hyperferry's JVM is started with (default: ${DEFAULT-VALUE}).")
    List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "target/bench", description = "Where the file goes.")
    Path output = Path.of("target", "bench");

    /** How the table is made, and by whom it is filled. */
    private enum Way {
        PSQL("psql \\copy, rows", false, false, false),
        HYPERFERRY("load-csv, rows", false, true, false),
        PSQL_COLUMNSTORE("psql \\copy, hypertable with columnstore", true, false, false),
        PSQL_COMPRESSED("psql \\copy, then compress_chunk", true, false, true),
        HYPERFERRY_COLUMNSTORE("load-csv, hypertable with columnstore, direct compress", true, true, false);

        private final String title;
        private final boolean columnstore;
        private final boolean hyperferry;
        private final boolean compressed;

        Way(String title, boolean columnstore, boolean hyperferry, boolean compressed) {
            this.title = title;
            this.columnstore = columnstore;
            this.hyperferry = hyperferry;
            this.compressed = compressed;
        }
    }

    /** Measures, and ends the virtual machine. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CsvBench()).execute(arguments));
    }

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path logs = Files.createDirectories(output.resolve("logs"));
        Dataset dataset = Dataset.ofRows(rows, Dataset.USUAL_CHUNKS, Dataset.USUAL_METRICS);
        Server from = Server.parse(source);
        Server to = Server.parse(target);
        Path csv = output.resolve("bench.csv");
        String digest = export(from, dataset, csv, logs);
        out.printf(Locale.ROOT, "bench: %,d rows, %,d bytes of CSV%n", dataset.rows(), Files.size(csv));
        Map<Way, List<Double>> seconds = new EnumMap<>(Way.class);
        try {
            for (int round = 0; round < rounds; round++) {
                for (Way way : Way.values()) {
                    double took = measure(way, to, dataset, csv, digest, logs);
                    seconds.computeIfAbsent(way, it -> new ArrayList<>()).add(took);
                    out.printf(Locale.ROOT, "bench: round %d, %s: %.1f s%n", round + 1, way.title, took);
                }
            }
        } finally {
            to.drop(DATABASE);
            from.drop(DATABASE);
            Files.deleteIfExists(csv);
        }
        seconds.forEach((way, took) -> out.printf(Locale.ROOT, "bench: %s: median %.1f s%n", way.title, median(took)));
        tell(out, "rows", seconds, Way.PSQL, Way.HYPERFERRY);
        tell(out, "columnstore", seconds, Way.PSQL_COLUMNSTORE, Way.HYPERFERRY_COLUMNSTORE);
        tell(out, "compressed in the end", seconds, Way.PSQL_COMPRESSED, Way.HYPERFERRY_COLUMNSTORE);
        return CommandLine.ExitCode.OK;
    }

    private static void tell(PrintStream out, String what, Map<Way, List<Double>> seconds, Way psql, Way hyperferry) {
        double ratio =
                median(seconds.getOrDefault(psql, List.of())) / median(seconds.getOrDefault(hyperferry, List.of()));
        out.printf(Locale.ROOT, "bench: %s: psql took %.2f times as long%n", what, ratio);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Writes the same file twice: here, and where psql runs. */
    private String export(Server from, Dataset dataset, Path csv, Path logs)
            throws SQLException, IOException, InterruptedException {
        from.create(DATABASE);
        from.execute(DATABASE, dataset.createTable(), dataset.createHypertable(false));
        for (int chunk = 0; chunk < dataset.chunks(); chunk++) {
            from.execute(DATABASE, dataset.insert(chunk));
        }
        String query = "(SELECT * FROM " + Dataset.TABLE + " ORDER BY time) TO ";
        List<String> words = psqlWords(from, "\\copy " + query + "pstdout with (format csv)");
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectOutput(csv.toFile())
                .redirectError(logs.resolve("csv-export.log").toFile());
        builder.environment().put("PGPASSWORD", from.password());
        if (builder.start().waitFor() != 0) {
            throw new IOException("psql could not write " + csv + ": " + logs.resolve("csv-export.log") + " says why");
        }
        psql(from, "\\copy " + query + "'" + IN_TOOLS + "' with (format csv)", logs);
        return from.value(DATABASE, Dataset.digest());
    }

    private double measure(Way way, Server to, Dataset dataset, Path csv, String digest, Path logs)
            throws SQLException, IOException, InterruptedException {
        to.create(DATABASE);
        to.execute(DATABASE, dataset.createTable(), dataset.createHypertable(true));
        if (way.columnstore) {
            to.execute(DATABASE, dataset.setColumnstore());
        }
        to.execute(to.maintenance(), "CHECKPOINT");
        long begun = System.nanoTime();
        if (way.hyperferry) {
            hyperferry(to, csv, logs);
        } else {
            psql(to, "\\copy " + Dataset.TABLE + " from '" + IN_TOOLS + "' with (format csv)", logs);
        }
        if (way.compressed) {
            to.execute(DATABASE, "SELECT compress_chunk(chunk) FROM show_chunks('" + Dataset.TABLE + "') AS chunk");
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        String now = to.value(DATABASE, Dataset.digest());
        if (!now.equals(digest)) {
            throw new IllegalStateException(way.title + ": other rows than in the file: " + now + ", not " + digest);
        }
        return seconds;
    }

    private void psql(Server server, String command, Path logs) throws IOException, InterruptedException {
        Processes.run(
                psqlWords(server, command), Map.of("PGPASSWORD", server.password()), "", logs.resolve("csv-psql.log"));
    }

    private List<String> psqlWords(Server server, String command) {
        List<String> words = new ArrayList<>(tools);
        words.addAll(List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", server.url(DATABASE), "-c", command));
        return words;
    }

    private void hyperferry(Server server, Path csv, Path logs) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvmOptions);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.hyperferry.examples.cli.Hyperferry"));
        words.addAll(List.of("load-csv", "--target", server.url(DATABASE), "--table", Dataset.TABLE, "--parallelism"));
        words.addAll(List.of(String.valueOf(parallelism), "--import-id", "bench", csv.toString()));
        Processes.run(words, Map.of("PGPASSWORD", server.password()), "", logs.resolve("csv-hyperferry.log"));
    }
}
