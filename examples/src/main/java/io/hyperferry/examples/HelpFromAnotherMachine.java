package io.hyperferry.examples;

import io.hyperferry.Migration;
import io.hyperferry.WorkSummary;
import java.time.Duration;

/**
 * Helps a run that another process leads, from wherever both databases can be reached: {@code HelpFromAnotherMachine
 * postgres://app:secret@old:5432/metrics postgres://app:secret@new:5432/metrics}.
 */
public final class HelpFromAnotherMachine {
    private HelpFromAnotherMachine() {}

    /** The arguments are the URLs of source and target. It may be started before the run, and ends when all rows are there. */
    public static void main(String[] urls) {
        WorkSummary summary = help(urls[0], urls[1]);
        System.out.println("copied " + summary.slices() + " slices with " + summary.rows() + " rows");
    }

    static WorkSummary help(String source, String target) {
        return Migration.from(source).to(target).parallelism(2).work(Duration.ofMinutes(30));
    }
}
