package io.hyperferry.examples.spark;

import io.hyperferry.Migration;
import io.hyperferry.WorkSummary;
import org.apache.spark.api.java.function.Function;

/**
 * What a task does: it joins the run, and returns when nothing is left to be copied. A task that fails or is lost costs the slices that it had
 * under way; Spark starts it anew, and it joins again. Spark interrupts a task that is to stop, which cancels its work.
 *
 * @param source where the data is; without a password, each executor needs a password file
 * @param target where the data goes
 * @param parallelism how many slices the task copies at a time
 */
public record JoinRun(String source, String target, int parallelism) implements Function<Integer, WorkSummary> {
    @Override
    public WorkSummary call(Integer task) {
        return Migration.from(source).to(target).parallelism(parallelism).work();
    }

    /** Has no password. */
    @Override
    public String toString() {
        return Migration.from(source).to(target).toString();
    }
}
