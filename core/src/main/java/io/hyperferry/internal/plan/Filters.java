package io.hyperferry.internal.plan;

import static io.hyperferry.Problem.blocking;
import static io.hyperferry.Problem.warning;

import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.Table;
import io.hyperferry.internal.schema.ObjectPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks what the include and exclude patterns select. */
public final class Filters {
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_.:-]+");

    private Filters() {}

    static List<Problem> problems(Scope scope, PlanOptions options) {
        List<Problem> problems = new ArrayList<>();
        for (String pattern : scope.unmatched()) {
            problems.add(
                    ObjectPattern.of(pattern).isPresent()
                            ? unmatched(pattern)
                            : blocking(
                                    Code.FILTER_MATCHES_NOTHING,
                                    pattern,
                                    "no table and no view of the source matches this pattern.",
                                    "Write schema.name with * and ? as wildcards, in the case in which the server stores the name."));
        }
        scope.unmet().forEach(unmet -> problems.add(unmet(unmet)));
        boolean copiesNothing = scope.kept().tables().stream()
                .noneMatch(table -> table.kind() == Table.Kind.PLAIN || table.kind() == Table.Kind.HYPERTABLE);
        if (copiesNothing && problems.stream().noneMatch(Problem::blocks)) {
            String database = scope.kept().server().database();
            problems.add(
                    options.include().isEmpty() && options.exclude().isEmpty()
                            ? blocking(
                                    Code.NOTHING_TO_COPY,
                                    database,
                                    "the source has no table with rows of its own, so there is nothing to copy.",
                                    "Check that " + database + " is the database you mean.")
                            : blocking(
                                    Code.NOTHING_TO_COPY,
                                    database,
                                    "the filters select no table with rows of its own, so there is nothing to copy.",
                                    "Check the filters (include, exclude; --include, --exclude)."));
        }
        Dependents.warning(scope.kept().server().database(), scope.dependentsLeftOut())
                .ifPresent(problems::add);
        return problems;
    }

    /** An exclude pattern that names objects by their kind, and matches none. */
    public static Problem unmatched(String pattern) {
        return blocking(
                Code.FILTER_MATCHES_NOTHING,
                pattern,
                "no such object of the source matches this pattern.",
                "Write kind:name as the plan and pg_restore --list name the object, for example function:public.f(integer),"
                        + " 'policy:public.readings mine' or job:1001, with * and ? as wildcards.");
    }

    private static Problem unmet(Scope.Unmet unmet) {
        String remedy = unmet.excluded().isEmpty()
                ? "Include it as well: " + options("--include", unmet.needed()) + "."
                : "Remove what excludes it: " + options("--exclude", unmet.excluded()) + ".";
        String message =
                "the pattern " + unmet.pattern() + " includes it, and it cannot be migrated: " + unmet.reason() + ".";
        return unmet.exact()
                ? blocking(Code.INCLUDE_INCOMPLETE, unmet.relation().toString(), message, remedy)
                : warning(Code.INCLUDE_INCOMPLETE, unmet.relation().toString(), message, remedy);
    }

    /** Options that can be pasted into a shell. */
    public static String options(String option, List<?> values) {
        return values.stream()
                .map(String::valueOf)
                .map(value -> option + " "
                        + (PLAIN_WORD.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'"))
                .collect(Collectors.joining(" "));
    }

    /** Whether a pattern names one relation. */
    static boolean isExact(String pattern) {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }
}
