package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects differences. For one comparison; not thread-safe. */
final class Comparison {
    /** What nobody could see, and so is not known to be equal. */
    static final String UNREADABLE = "(not readable by this role)";

    private static final String NONE = "(none)";
    private static final Comparator<Difference> ORDER = Comparator.comparing(Difference::kind)
            .thenComparing(Difference::object)
            .thenComparing(Difference::aspect);

    private final List<Difference> differences = new ArrayList<>();

    /** Compares objects of which there is one thing to say each. */
    void objects(Kind kind, Map<String, String> source, Map<String, String> target) {
        objects(kind, source, target, it -> true, it -> true);
    }

    /** The same, passing over objects that are missing for a reason that is told elsewhere. */
    void objects(
            Kind kind,
            Map<String, String> source,
            Map<String, String> target,
            Predicate<String> missedOnTarget,
            Predicate<String> missedOnSource) {
        source.forEach((object, text) -> {
            @Nullable String other = target.get(object);
            if (other == null ? missedOnTarget.test(object) : !text.equals(other) || text.equals(UNREADABLE)) {
                differences.add(new Difference(kind, object, "", text, other == null ? Difference.MISSING : other));
            }
        });
        target.forEach((object, text) -> {
            if (!source.containsKey(object) && missedOnSource.test(object)) {
                differences.add(new Difference(kind, object, "", Difference.MISSING, text));
            }
        });
    }

    /** Compares one fact of an object that both sides have; null is the default. */
    void fact(Kind kind, String object, String aspect, @Nullable String source, @Nullable String target) {
        if (!Objects.equals(source, target)) {
            differences.add(new Difference(
                    kind, object, aspect, source == null ? NONE : source, target == null ? NONE : target));
        }
    }

    /** All differences, by kind, object and aspect. */
    List<Difference> differences() {
        return differences.stream().sorted(ORDER).toList();
    }
}
