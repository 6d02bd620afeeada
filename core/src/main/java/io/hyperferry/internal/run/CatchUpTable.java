package io.hyperferry.internal.run;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.hyperferry.Slice;
import io.hyperferry.Slice.SpaceRange;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.DimensionRange;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.ledger.CaughtUpQueries;
import io.hyperferry.internal.ledger.CaughtUpQueries.Besides;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.verify.DigestRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table as the ledger knows it beside what the source has now: slices whose chunks are still there, slices of new chunks, and slices that are
 * gone.
 *
 * <p>A chunk that is there keeps the slices by which it was copied, however it would be cut today. One whose bounds changed, because
 * chunks were merged or split, counts as gone and as new.
 */
final class CatchUpTable {
    private final TableData now;
    private final List<Slice> gone;
    private final List<Chunk> chunks;
    private final Set<Integer> planned;
    private final Map<Integer, Digest> known;

    /** The slices that are there to be read, by position. */
    private final Map<Integer, Slice> present = new HashMap<>();

    /** @param chunks the target's chunks */
    private CatchUpTable(
            TableData now, List<Slice> gone, List<Chunk> chunks, Set<Integer> planned, Map<Integer, Digest> known) {
        this.now = now;
        this.gone = gone;
        this.chunks = chunks;
        this.planned = planned;
        this.known = known;
        now.slices().forEach(it -> present.put(it.position(), it));
    }

    /**
     * What the ledger knows of a table.
     *
     * @param plan the table as it was copied
     * @param planned the digests of the slices of the plan, by position
     * @param besides the slices that are not in the plan
     */
    record Known(TableData plan, Map<Integer, Digest> planned, List<Besides> besides) {
        private Map<Integer, Digest> digests() {
            Map<Integer, Digest> digests = new HashMap<>();
            plan.slices().forEach(it -> digests.put(it.position(), planned.getOrDefault(it.position(), Digest.EMPTY)));
            besides.forEach(it -> digests.put(it.slice().position(), it.digest()));
            return digests;
        }

        private Set<Integer> positions() {
            return plan.slices().stream().map(Slice::position).collect(toSet());
        }
    }

    /**
     * Puts both beside each other.
     *
     * @param fresh the table as it would be copied today
     * @param chunks the target's chunks
     * @param positions gives positions to new slices
     */
    static CatchUpTable of(TableData fresh, Known known, List<Chunk> chunks, IntSupplier positions) {
        return fresh.time() == null ? plain(fresh, known, positions) : hypertable(fresh, known, chunks, positions);
    }

    /** Pages mean nothing any more: all of a plain table stands for its first slice. */
    private static CatchUpTable plain(TableData fresh, Known known, IntSupplier positions) {
        List<Slice> slices = Stream.concat(
                        known.plan().slices().stream(), known.besides().stream().map(Besides::slice))
                .toList();
        Slice first =
                (slices.isEmpty() ? asNew(fresh.slices().get(0), positions.getAsInt()) : slices.get(0)).ofWholeTable();
        Map<Integer, Digest> digests = known.digests();
        Digest whole = digests.values().stream().reduce(Digest.EMPTY, Digest::plus);
        digests.replaceAll((position, digest) -> Digest.EMPTY);
        digests.put(first.position(), whole);
        return new CatchUpTable(
                fresh.withSlices(List.of(first)),
                slices.isEmpty() ? List.of() : slices.subList(1, slices.size()),
                List.of(),
                known.positions(),
                digests);
    }

    private static CatchUpTable hypertable(TableData fresh, Known known, List<Chunk> chunks, IntSupplier positions) {
        Map<QualifiedName, List<Slice>> planned = byChunk(known.plan().slices().stream());
        Map<QualifiedName, List<Slice>> besides =
                byChunk(known.besides().stream().map(Besides::slice));
        List<Slice> present = new ArrayList<>();
        byChunk(fresh.slices().stream()).forEach((chunk, today) -> {
            List<SpaceRange> space = today.get(0).space();
            List<Slice> ofPlan = planned.getOrDefault(chunk, List.of());
            List<Slice> beside = besides.getOrDefault(chunk, List.of());
            Map<List<Long>, Integer> noted =
                    beside.stream().collect(toMap(CatchUpTable::time, Slice::position, Math::min));
            if (!noted.isEmpty()
                    && noted.size() == beside.size()
                    && times(today).containsAll(noted.keySet())) {
                // The ledger has no slice of a new chunk that was empty in each pass.
                today.forEach(slice -> {
                    @Nullable Integer position = noted.get(time(slice));
                    present.add(asNew(slice, position == null ? positions.getAsInt() : position));
                });
                besides.remove(chunk);
            } else if (span(today).equals(span(beside))) {
                // The ledger does not have their ranges after time.
                beside.forEach(slice -> present.add(slice.withSpace(space)));
                besides.remove(chunk);
            } else if (span(today).equals(span(ofPlan))
                    && bounds(space).equals(bounds(ofPlan.get(0).space()))) {
                present.addAll(ofPlan);
                planned.remove(chunk);
            } else {
                today.forEach(it -> present.add(asNew(it, positions.getAsInt())));
            }
        });
        Map<Integer, Digest> digests = known.digests();
        List<Slice> gone = Stream.of(planned, besides)
                .flatMap(it -> it.values().stream())
                .filter(it -> !isSettled(fresh, it, present, chunks, digests))
                .flatMap(List::stream)
                .toList();
        return new CatchUpTable(fresh.withSlices(present), gone, chunks, known.positions(), digests);
    }

    private static Map<QualifiedName, List<Slice>> byChunk(Stream<Slice> slices) {
        return slices.collect(
                groupingBy(it -> Objects.requireNonNull(it.chunk(), "chunk"), LinkedHashMap::new, toList()));
    }

    private static List<Long> time(Slice slice) {
        return List.of(slice.from(), slice.to());
    }

    private static Set<List<Long>> times(List<Slice> slices) {
        return slices.stream().map(CatchUpTable::time).collect(toSet());
    }

    /** The first time inside of a chunk's slices, and the first outside; none where there are no slices. */
    private static List<Long> span(List<Slice> slices) {
        return slices.isEmpty()
                ? List.of()
                : List.of(
                        slices.stream().mapToLong(Slice::from).min().orElseThrow(),
                        slices.stream().mapToLong(Slice::to).max().orElseThrow());
    }

    private static List<Long> bounds(List<SpaceRange> space) {
        return space.stream()
                .flatMap(range -> Stream.of(range.from(), range.to()))
                .toList();
    }

    private static Slice asNew(Slice slice, int position) {
        return new Slice(
                        position,
                        Slice.Mode.ROWS,
                        slice.chunk(),
                        slice.from(),
                        slice.to(),
                        slice.wholeChunk(),
                        slice.estimatedRows(),
                        slice.estimatedBytes())
                .withSpace(slice.space());
    }

    /** Whether nothing is left on the target of a chunk that the source has no more, neither rows nor a chunk. */
    private static boolean isSettled(
            TableData table,
            List<Slice> chunkOfSource,
            List<Slice> present,
            List<Chunk> chunks,
            Map<Integer, Digest> digests) {
        long from = span(chunkOfSource).get(0);
        long to = span(chunkOfSource).get(1);
        DigestRange range = new DigestRange(table, from, to, List.of());
        return chunkOfSource.stream().allMatch(it -> Digest.EMPTY.equals(digests.get(it.position())))
                && chunks.stream()
                        .filter(range::containsWhatTravels)
                        .noneMatch(it -> present.stream().noneMatch(slice -> touch(it, slice)));
    }

    private static boolean touch(Chunk chunk, Slice slice) {
        DimensionRange time = chunk.ranges().get(0);
        return time.from() < slice.to() && slice.from() < time.to();
    }

    /** The table, with the slices that are there to be read on the source. */
    TableData now() {
        return now;
    }

    /**
     * Where the source has other rows than the target got.
     *
     * @param digests the digests of the slices that the source has now, by position
     */
    List<DigestRange> changed(Map<Integer, Digest> digests) {
        TableData all = now.withSlices(
                Stream.concat(now.slices().stream(), gone.stream()).toList());
        List<DigestRange> changed = new ArrayList<>();
        for (DigestRange range : DigestRange.covered(all)) {
            DigestRange last = changed.isEmpty() ? range : changed.get(changed.size() - 1);
            if (isGone(range) && isGone(last) && last.to() == range.from() && shareChunk(last, range)) {
                changed.set(changed.size() - 1, last.to(range));
            } else if (isGone(range) || range.slices().stream().anyMatch(it -> isChanged(it, digests))) {
                changed.add(range);
            }
        }
        return changed;
    }

    /** Whether the source has no chunk there any more. */
    boolean isGone(DigestRange range) {
        return range.slices().stream().noneMatch(present::containsKey);
    }

    /** Such ranges go together, so that the chunk can go, too. */
    private boolean shareChunk(DigestRange one, DigestRange other) {
        return chunks.stream().anyMatch(it -> one.touches(it) && other.touches(it));
    }

    private boolean isChanged(int position, Map<Integer, Digest> digests) {
        return !digests.getOrDefault(position, Digest.EMPTY).equals(known.getOrDefault(position, Digest.EMPTY));
    }

    /**
     * Notes in the ledger what the target has got.
     *
     * @param ranges where rows were replaced
     * @param digests the digests of the slices that were copied, by position
     */
    void note(Connection target, List<DigestRange> ranges, Map<Integer, Digest> digests) throws SQLException {
        for (int position : ranges.stream().flatMap(it -> it.slices().stream()).toList()) {
            Digest digest = digests.getOrDefault(position, Digest.EMPTY);
            if (planned.contains(position)) {
                CaughtUpQueries.notePlanned(target, position, digest);
            } else if (digests.containsKey(position)) {
                CaughtUpQueries.note(
                        target,
                        new Besides(
                                now.table().toString(),
                                Objects.requireNonNull(present.get(position), "slice"),
                                digest));
            } else {
                CaughtUpQueries.forget(target, position);
            }
        }
    }
}
