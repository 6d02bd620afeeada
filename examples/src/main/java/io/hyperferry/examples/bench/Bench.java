package io.hyperferry.examples.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures all ways of moving a hypertable between two servers that run already; {@code dev/bench} starts them. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Moves a hypertable between two servers in several ways, and says what each of them took.",
        footer = {
            "",
            "The ways:",
            "  a  psql: \\copy to a CSV file, \\copy from it",
            "  b  psql | psql: binary COPY, several slices at a time, indexes afterwards",
            "  c  Hyperferry, rows; c0 without digests",
            "  d  as b from compressed chunks, then compress_chunk",
            "  e  Hyperferry, compressed chunks; e0 without digests"
        })
public final class Bench implements Callable<Integer> {
    @Option(
            names = "--source",
            required = true,
            paramLabel = "URL",
            defaultValue = "${env:HYPERFERRY_SOURCE}",
            description = "The source's server, by a database of it; or the variable HYPERFERRY_SOURCE.")
    String source = "";

    @Option(
            names = "--target",
            required = true,
            paramLabel = "URL",
            defaultValue = "${env:HYPERFERRY_TARGET}",
            description = "The target's server, by a database of it; or the variable HYPERFERRY_TARGET.")
    String target = "";

    @Option(
            names = "--tools",
            split = " ",
            paramLabel = "COMMAND",
            description = "The command under which sh, psql and pg_dump run; without it, those of this machine.")
    List<String> tools = new ArrayList<>();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "About how many rows (default: ${DEFAULT-VALUE}).")
    long rows;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many times each way (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "4",
            description = "Slices at a time (default: ${DEFAULT-VALUE}).")
    int parallelism;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "WAYS",
            description = "The ways, for example b,c (default: all).")
    List<String> only = new ArrayList<>();

    @Option(names = "--sweep", description = "Measure also how cost grows with rows, chunks and columns.")
    boolean sweep;

    @Option(
            names = "--jvm-options",
            split = " ",
            paramLabel = "OPTIONS",
            defaultValue = "-Xmx96m -Xmn48m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            description = "What Hyperferry's JVM is started with (default: ${DEFAULT-VALUE}).")
    List<String> jvmOptions = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "target/bench",
            description = "Where the results go (default: ${DEFAULT-VALUE}).")
    Path output = Path.of("target", "bench");

    @Option(names = "--keep-data", description = "Keep the source's databases, which the next bench then finds.")
    boolean keepData;

    /** Measures, and ends the virtual machine: 0 when everything went and both sides were always the same. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path logs = Files.createDirectories(output.resolve("logs"));
        Dataset dataset = Dataset.ofRows(rows, Dataset.USUAL_CHUNKS, Dataset.USUAL_METRICS);
        Results results = new Results();
        try (Lab lab = new Lab(Server.parse(source), Server.parse(target), tools, jvmOptions, logs, keepData, out)) {
            Set<Way> ways = ways(lab, out);
            Setup setup = prepare(lab, dataset, ways);
            for (int round = 1; round <= rounds; round++) {
                for (Way way : ways) {
                    results.add(lab.measure(way, round, dataset, parallelism, round == 1 || way.hyperferry()));
                }
            }
            OptionalDouble planSeconds = OptionalDouble.empty();
            List<String> more = List.of();
            if (sweep) {
                Sweep sweeping = new Sweep(lab, dataset.rows(), parallelism);
                sweeping.run();
                planSeconds = sweeping.planSeconds();
                more = sweeping.markdown();
                write("sweep.svg", sweeping.plot(), out);
            }
            List<String> goals = Goals.of(results, setup, planSeconds);
            write("bench.md", new MarkdownReport(results, setup).text(goals, more), out);
            if (!results.ways().isEmpty()) {
                write("bench.svg", ComparisonPlot.of(results, setup.summary()), out);
            }
            goals.forEach(out::println);
        }
        return CommandLine.ExitCode.OK;
    }

    private Set<Way> ways(Lab lab, PrintStream out) throws SQLException {
        Set<Way> ways = EnumSet.allOf(Way.class);
        if (!only.isEmpty()) {
            ways = EnumSet.copyOf(only.stream().map(Way::of).toList());
        }
        if (!lab.hasColumnstore() && ways.removeIf(Way::compressed)) {
            out.println("bench: this edition of TimescaleDB has no columnstore: d and e are left away");
        }
        return ways;
    }

    private Setup prepare(Lab lab, Dataset dataset, Set<Way> ways) throws SQLException {
        lab.ready(dataset, false);
        boolean compressed = ways.stream().anyMatch(Way::compressed);
        if (compressed) {
            lab.ready(dataset, true);
        }
        return new Setup(
                dataset,
                lab.bytesPerRow(dataset),
                lab.tableBytes(dataset, false),
                compressed ? lab.tableBytes(dataset, true) : 0,
                parallelism,
                jvmOptions,
                lab.describeServers());
    }

    private void write(String name, String text, PrintStream out) throws IOException {
        Path file = output.resolve(name);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        out.println("bench: wrote " + file);
    }
}
