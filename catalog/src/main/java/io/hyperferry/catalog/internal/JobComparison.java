package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Job;
import io.hyperferry.catalog.QualifiedName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares jobs, which have no name that is the same on two servers: those that are alike are taken for each other. */
final class JobComparison {
    private static final String PRESENT = "present";

    /** What makes two jobs the same one, the most alike first; several jobs of one kind on one relation tell the rest. */
    private static final List<Function<Job, List<@Nullable Object>>> LIKENESS = List.of(
            it -> listed(facts(it), it.owner(), id(it)),
            it -> listed(facts(it), id(it)),
            it -> listed(it.schedule(), it.config(), it.name(), id(it)),
            it -> listed(it.config(), id(it)),
            it -> listed(it.name(), it.schedule(), id(it)),
            it -> listed(it.name(), id(it)),
            JobComparison::id);

    private JobComparison() {}

    /** A job whose relation only one side has is missing with it. */
    static void compare(
            DatabaseCatalog source,
            DatabaseCatalog target,
            Predicate<@Nullable QualifiedName> relationIsOnBothSides,
            Comparison comparison) {
        List<Job> ours = comparable(source, relationIsOnBothSides);
        List<Job> theirs = comparable(target, relationIsOnBothSides);
        LIKENESS.forEach(likeness -> pair(ours, theirs, likeness, comparison));
        ours.forEach(it -> comparison.fact(Kind.JOB, title(it), "", PRESENT, Difference.MISSING));
        theirs.forEach(it -> comparison.fact(Kind.JOB, title(it), "", Difference.MISSING, PRESENT));
    }

    private static List<Job> comparable(
            DatabaseCatalog catalog, Predicate<@Nullable QualifiedName> relationIsOnBothSides) {
        return new ArrayList<>(catalog.jobs().stream()
                .filter(it -> relationIsOnBothSides.test(it.relation()))
                .toList());
    }

    private static void pair(
            List<Job> ours, List<Job> theirs, Function<Job, List<@Nullable Object>> likeness, Comparison comparison) {
        Map<List<@Nullable Object>, Deque<Job>> open = new HashMap<>();
        theirs.forEach(it -> open.computeIfAbsent(likeness.apply(it), key -> new ArrayDeque<>())
                .add(it));
        for (Job job : List.copyOf(ours)) {
            @Nullable Deque<Job> alike = open.get(likeness.apply(job));
            @Nullable Job other = alike == null ? null : alike.poll();
            if (other != null) {
                ours.remove(job);
                theirs.remove(other);
                differences(job, other, comparison);
            }
        }
    }

    private static void differences(Job source, Job target, Comparison comparison) {
        String title = title(source);
        comparison.fact(Kind.OWNER, title, "owner", source.owner(), target.owner());
        Map<String, @Nullable String> theirs = facts(target);
        facts(source).forEach((aspect, value) -> comparison.fact(Kind.JOB, title, aspect, value, theirs.get(aspect)));
    }

    private static String title(Job job) {
        return "job " + job.title();
    }

    private static List<@Nullable Object> id(Job job) {
        return listed(job.procedure(), job.relation());
    }

    private static List<@Nullable Object> listed(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static Map<String, @Nullable String> facts(Job job) {
        Map<String, @Nullable String> facts = new LinkedHashMap<>();
        facts.put("name", job.name());
        facts.put("belongs to its relation", job.attached() ? "yes" : "no");
        facts.put("config", job.config());
        facts.put("check", job.check() == null ? null : Objects.toString(job.check()));
        facts.put("schedule interval", job.schedule().interval());
        facts.put("fixed schedule", job.schedule().fixed() ? "yes" : "no");
        facts.put("initial start", job.schedule().initialStart());
        facts.put("time zone", job.schedule().timezone());
        facts.put("max runtime", job.limits().maxRuntime());
        facts.put("max retries", Integer.toString(job.limits().maxRetries()));
        facts.put("retry period", job.limits().retryPeriod());
        facts.put("scheduled", job.scheduled() ? "yes" : "no");
        facts.put("next start", job.held() ? "infinity" : null);
        return facts;
    }
}
