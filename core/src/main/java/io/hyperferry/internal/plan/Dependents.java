package io.hyperferry.internal.plan;

import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.Step;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists what a plan skips because it needs something that is skipped. */
public final class Dependents {
    private static final int NAMED_OBJECTS = 3;

    private Dependents() {}

    /** The plan with more such objects, each with its reason; those that it lists already stay as they are. */
    public static MigrationPlan added(MigrationPlan plan, List<String> more) {
        List<String> all = Stream.concat(plan.dependentsLeftOut().stream(), more.stream())
                .distinct()
                .toList();
        return new MigrationPlan(
                plan.source(),
                plan.target(),
                plan.options(),
                plan.steps().stream()
                        .map(step -> step instanceof Step.RestorePreData preData ? with(preData, all) : step)
                        .toList(),
                Stream.concat(
                                plan.problems().stream().filter(problem -> problem.code() != Code.DEPENDENTS_LEFT_OUT),
                                warning(plan.source().database(), all).stream())
                        .toList());
    }

    private static Step with(Step.RestorePreData step, List<String> dependents) {
        return new Step.RestorePreData(
                step.leftOut(), step.chunks(), step.aggregates(), step.rules(), dependents, step.columnOrders());
    }

    /** One warning for all of them, if there are any. */
    static Optional<Problem> warning(String database, List<String> dependents) {
        if (dependents.isEmpty()) {
            return Optional.empty();
        }
        String named = dependents.stream().limit(NAMED_OBJECTS).collect(Collectors.joining("; "));
        int more = dependents.size() - NAMED_OBJECTS;
        return Optional.of(Problem.warning(
                Code.DEPENDENTS_LEFT_OUT,
                database,
                "objects are skipped because they need something that is skipped: " + named
                        + (more > 0 ? "; and " + more + " more." : "."),
                "Check the list in the plan, and include what these objects need if the target must have them."));
    }
}
