package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.joining;

import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.CompressedRelation.Layout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says why a relation cannot take compressed tuples. Columns are copied by their names, so that their order does not matter, which follows the order in
 * which they were added to the hypertable and its settings were changed.
 */
public final class LayoutDifference {
    private LayoutDifference() {}

    /** Why the tuples of one do not fit into the other, as part of a sentence; empty when they fit. */
    public static Optional<String> between(Layout source, Layout target) {
        List<String> columns = Stream.concat(
                        without("lacks", source, target), without("has in addition", target, source))
                .toList();
        if (!columns.isEmpty()) {
            return Optional.of("the target's compressed relation " + String.join(" and ", columns));
        }
        return source.settings().equals(target.settings())
                ? Optional.empty()
                : Optional.of("the target's server orders or groups compressed rows otherwise");
    }

    private static Stream<String> without(String words, Layout one, Layout other) {
        Set<Column> there = Set.copyOf(other.columns());
        String more = one.columns().stream()
                .filter(column -> !there.contains(column))
                .map(column -> column.name() + " " + column.type())
                .collect(joining(", "));
        return more.isEmpty() ? Stream.empty() : Stream.of(words + " " + more);
    }
}
