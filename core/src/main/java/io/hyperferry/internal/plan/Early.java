package io.hyperferry.internal.plan;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.internal.plan.CompressedTransfer.Decision;
import io.hyperferry.internal.sql.HypertableSql;
import io.hyperferry.internal.sql.Root;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The columnstores that are set up before the rows arrive: what comes before the copying for them, and what is compressed meanwhile. */
final class Early {
    private final Timescale target;
    private final List<Entry> all = new ArrayList<>();

    /** A columnstore, and the slices that go into it, by the source's chunk. */
    private record Entry(
            Root root, Hypertable hypertable, Decision decision, Map<QualifiedName, List<Integer>> slices) {}

    Early(
            DatabaseCatalog kept,
            ServerInfo server,
            Timescale target,
            Map<QualifiedName, Decision> decisions,
            List<TableData> tables) {
        this.target = target;
        Map<QualifiedName, TableData> data = new HashMap<>();
        tables.forEach(it -> data.put(it.table(), it));
        DatabaseCatalog expected = Compatibility.expected(kept, server);
        expected.hypertables().forEach(it -> add(Root.hypertable(it.name()), it, decisions, data));
        expected.aggregates().forEach(it -> add(Root.storage(it.name()), it.storage(), decisions, data));
    }

    private void add(
            Root root,
            Hypertable hypertable,
            Map<QualifiedName, Decision> decisions,
            Map<QualifiedName, TableData> data) {
        Decision decision = decisions.getOrDefault(root.name(), Decision.LATE);
        if (decision.early()) {
            TableData rows = Objects.requireNonNull(data.get(root.name()), "rows of a columnstore");
            all.add(new Entry(
                    root,
                    hypertable,
                    decision,
                    rows.slices().stream()
                            .collect(groupingBy(
                                    it -> Objects.requireNonNull(it.chunk(), "chunk"),
                                    mapping(Slice::position, toList())))));
        }
    }

    /** What comes before the rows. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Entry of : all) {
            Map<QualifiedName, Integer> first = new HashMap<>();
            of.slices().forEach((chunk, positions) -> first.put(chunk, positions.get(0)));
            steps.addAll(Columnstore.early(of.root(), of.hypertable(), of.decision(), first, target));
        }
        return steps;
    }

    /** What is compressed while rows arrive: chunks with the present settings, since no others hold meanwhile. */
    List<Step.Compression> compressions() {
        List<Step.Compression> compressions = new ArrayList<>();
        for (Entry of : all) {
            @Nullable ColumnstoreSettings present = of.hypertable().columnstore();
            for (Chunk chunk : of.hypertable().chunks()) {
                List<Integer> slices = of.slices().getOrDefault(chunk.name(), List.of());
                if (present != null
                        && chunk.isCompressed()
                        && !slices.isEmpty()
                        && Columnstore.isPresent(chunk, present)) {
                    compressions.add(new Step.Compression(
                            compressions.size() + 1,
                            of.root().name(),
                            HypertableSql.compressChunk(of.root(), chunk, target),
                            slices,
                            chunk.bytes()));
                }
            }
        }
        return compressions;
    }
}
