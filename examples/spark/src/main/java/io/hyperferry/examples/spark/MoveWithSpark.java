package io.hyperferry.examples.spark;

import io.hyperferry.Migration;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationRun;
import io.hyperferry.WorkSummary;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Moves a database with the machines of a Spark cluster: the driver leads the run, and each task joins it as a worker. No row passes through
 * Spark.
 *
 * <p>{@code spark-submit --conf spark.job.interruptOnCancel=true --class io.hyperferry.examples.spark.MoveWithSpark … SOURCE TARGET TASKS}
 */
public final class MoveWithSpark {
    private static final int SLICES_PER_TASK = 2;

    private MoveWithSpark() {}

    /** Moves what the first argument names to where the second one says, with as many tasks as the third one says. */
    public static void main(String[] args) {
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("hyperferry"))) {
            MigrationReport report = move(
                    Migration.from(args[0]).to(args[1]),
                    spark,
                    Integer.parseInt(args[2]),
                    new JoinRun(args[0], args[1], SLICES_PER_TASK));
            System.out.println(report.toText());
        }
    }

    /** Leads a migration, and lets tasks join it. */
    static MigrationReport move(
            Migration migration, JavaSparkContext spark, int tasks, Function<Integer, WorkSummary> task) {
        MigrationRun run = migration.start();
        try {
            List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
            List<WorkSummary> all = spark.parallelize(numbers, tasks).map(task).collect();
            System.out.println("slices copied by tasks: "
                    + all.stream().mapToLong(WorkSummary::slices).sum());
            return run.await();
        } finally {
            // Without its tasks it need not go on; after its end this does nothing.
            run.cancel();
        }
    }
}
