package io.hyperferry.internal.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperferry.MigrationPlan;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one plan does otherwise than another, a line for each thing. */
public final class PlanDifferences {
    private static final int SHOWN_ITEMS = 5;
    private static final int SHOWN_LENGTH = 160;

    private final List<String> lines = new ArrayList<>();

    private PlanDifferences() {}

    /** What changed from one plan to another. */
    public static List<String> between(MigrationPlan before, MigrationPlan after) {
        PlanDifferences differences = new PlanDifferences();
        differences.fields("source", PlanJson.tree(before.source()), PlanJson.tree(after.source()));
        differences.fields("target", PlanJson.tree(before.target()), PlanJson.tree(after.target()));
        differences.fields("option", PlanJson.tree(before.options()), PlanJson.tree(after.options()));
        differences.steps(before.steps(), after.steps());
        differences.items("problem", texts(before.problems()), texts(after.problems()));
        return List.copyOf(differences.lines);
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    private void steps(List<Step> before, List<Step> after) {
        Map<String, Step> old = byTitle(before);
        Map<String, Step> now = byTitle(after);
        old.keySet().stream().filter(it -> !now.containsKey(it)).forEach(it -> lines.add("step gone: " + it));
        now.keySet().stream().filter(it -> !old.containsKey(it)).forEach(it -> lines.add("step new: " + it));
        List<String> common = old.keySet().stream().filter(now::containsKey).toList();
        if (!common.equals(now.keySet().stream().filter(old::containsKey).toList())) {
            lines.add("the steps that both have are in another order");
        }
        for (String title : common) {
            Step was = Objects.requireNonNull(old.get(title), title);
            Step is = Objects.requireNonNull(now.get(title), title);
            if (was instanceof Step.CopyData copied && is instanceof Step.CopyData copies) {
                tables(copied, copies);
            } else if (!was.equals(is)) {
                fields("step " + title + ":", PlanJson.tree(was), PlanJson.tree(is));
            }
        }
    }

    /** Titles name the object; what has the same title is told apart by its turn. */
    private static Map<String, Step> byTitle(List<Step> steps) {
        Map<String, Step> byTitle = new LinkedHashMap<>();
        for (Step step : steps) {
            String title = step.title();
            for (int turn = 2; byTitle.containsKey(title); turn++) {
                title = step.title() + " (" + turn + ")";
            }
            byTitle.put(title, step);
        }
        return byTitle;
    }

    private void tables(Step.CopyData before, Step.CopyData after) {
        Map<String, TableData> old = byName(before.tables());
        Map<String, TableData> now = byName(after.tables());
        Set<String> all = new LinkedHashSet<>(old.keySet());
        all.addAll(now.keySet());
        for (String name : all) {
            @Nullable TableData was = old.get(name);
            @Nullable TableData is = now.get(name);
            if (was == null && is != null) {
                lines.add("table new: " + name + ", " + amount(is));
            } else if (is == null && was != null) {
                lines.add("table gone: " + name + ", " + amount(was));
            } else if (was != null && is != null) {
                table(name, was, is);
            }
        }
        if (!new ArrayList<>(old.keySet()).equals(new ArrayList<>(now.keySet()))
                && old.keySet().equals(now.keySet())) {
            lines.add("the tables are copied in another order");
        }
        JsonNode wasRest = PlanJson.tree(before);
        JsonNode isRest = PlanJson.tree(after);
        for (String field : List.of("settings", "digest", "maxUncompressed", "compressions")) {
            field("copy data:", field, wasRest.path(field), isRest.path(field));
        }
    }

    private static Map<String, TableData> byName(List<TableData> tables) {
        Map<String, TableData> byName = new LinkedHashMap<>();
        tables.forEach(it -> byName.put(it.table().toString(), it));
        return byName;
    }

    private void table(String name, TableData before, TableData after) {
        items("table " + name + ": slice", slices(before), slices(after));
        if (slices(before).equals(slices(after)) && !amount(before).equals(amount(after))) {
            lines.add("table " + name + ": " + amount(before) + " became " + amount(after));
        }
        JsonNode was = PlanJson.tree(before);
        JsonNode is = PlanJson.tree(after);
        for (String field : List.of("columns", "time", "aggregate", "order", "refusals")) {
            field("table " + name + ":", field, was.path(field), is.path(field));
        }
    }

    private static String amount(TableData table) {
        return String.format(
                Locale.ROOT,
                "%,d slices, about %,d rows, %s",
                table.slices().size(),
                table.slices().stream().mapToLong(Slice::estimatedRows).sum(),
                Sizes.text(
                        table.slices().stream().mapToLong(Slice::estimatedBytes).sum()));
    }

    /** Without position and estimates, which change with every row. */
    private static List<String> slices(TableData table) {
        return table.slices().stream()
                .map(it -> it.mode().name().toLowerCase(Locale.ROOT)
                        + (it.chunk() == null ? "" : " of " + it.chunk())
                        + (it.wholeChunk() || it.chunk() == null ? "" : " [" + it.from() + ", " + it.to() + ")")
                        + (it.compressedOnArrival() ? ", compressed on arrival" : ""))
                .toList();
    }

    private void fields(String what, JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.forEach(it -> field(what, it, before.path(it), after.path(it)));
    }

    private void field(String what, String name, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        if (before.isArray() && after.isArray()) {
            items(what + " " + name, texts(before), texts(after));
        } else {
            lines.add(what + " " + name + " was " + text(before) + ", is " + text(after));
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(it -> texts.add(text(it)));
        return texts;
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "not set" : value.isTextual() ? value.asText() : value.toString();
    }

    /** What of two lists is in one of them alone. */
    private void items(String what, List<String> before, List<String> after) {
        List<String> gone = without(before, after);
        List<String> more = without(after, before);
        some(what + " gone: ", gone);
        some(what + " new: ", more);
        if (gone.isEmpty() && more.isEmpty() && !before.equals(after)) {
            lines.add(what + ": the same in another order");
        }
    }

    /** As often as a text is in the first list and not in the second. */
    private static List<String> without(List<String> texts, List<String> others) {
        Map<String, Integer> left = new LinkedHashMap<>();
        others.forEach(it -> left.merge(it, 1, Integer::sum));
        List<String> result = new ArrayList<>();
        for (String text : texts) {
            if (left.merge(text, -1, Integer::sum) < 0) {
                result.add(text);
            }
        }
        return result;
    }

    private void some(String head, List<String> texts) {
        texts.stream().limit(SHOWN_ITEMS).map(PlanDifferences::shortened).forEach(it -> lines.add(head + it));
        if (texts.size() > SHOWN_ITEMS) {
            lines.add(head + "and " + String.format(Locale.ROOT, "%,d", texts.size() - SHOWN_ITEMS) + " more");
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= SHOWN_LENGTH ? line : line.substring(0, SHOWN_LENGTH) + "…";
    }
}
