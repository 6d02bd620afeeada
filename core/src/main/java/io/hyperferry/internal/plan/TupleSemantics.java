package io.hyperferry.internal.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hyperferry.catalog.Collation;
import io.hyperferry.catalog.Column;
import io.hyperferry.catalog.ColumnSemantics;
import io.hyperferry.catalog.ColumnstoreSettings;
import io.hyperferry.catalog.ColumnstoreSettings.Order;
import io.hyperferry.catalog.ColumnstoreSettings.SparseIndex;
import io.hyperferry.catalog.CompressedRelation.Layout;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension.HashDimension;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.ValueSemantics;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides by column whether compressed tuples of the source mean the same on the target. A batch has metadata by which queries skip it: the least
 * and greatest values follow an order, and bloom filters hold hashes. Where that order or these hashes differ between both servers, queries would
 * skip batches that have their rows. The same hashes decide to which chunk of a hash dimension a row belongs.
 */
public final class TupleSemantics {
    private static final String METADATA = "_ts_meta_";

    /** Metadata of a column by its name, since TimescaleDB 2.14: the kind, and the name or what stands for it. */
    private static final Pattern NAMED = Pattern.compile("_ts_meta_v2_([^_]+)_(.+)");

    /** Metadata of the columns of the order, by their position, and what is about no column's values. */
    private static final Pattern NUMBERED = Pattern.compile("_ts_meta_((min|max)_\\d+|count|sequence_num)");

    /** What stands for several columns: the beginning of a hash of their names, then the names. */
    private static final Pattern HASHED = Pattern.compile("[0-9a-f]{4}_.+");

    private static final int HASH_LENGTH = "0123_".length();

    private static final Set<String> EXTREMES = Set.of("min", "max", "first", "last");

    /** The longest name, in bytes, that stands unabbreviated in a name of metadata. */
    private static final int LONGEST_NAME = 39;

    private final ValueSemantics source;
    private final ValueSemantics target;
    private final String sourceEncoding;
    private final String targetEncoding;

    private TupleSemantics(DatabaseCatalog source, DatabaseCatalog target) {
        this.source = source.semantics();
        this.target = target.semantics();
        this.sourceEncoding = source.server().encoding();
        this.targetEncoding = target.server().encoding();
    }

    /** Between two databases; the target needs no table yet. */
    public static TupleSemantics between(DatabaseCatalog source, DatabaseCatalog target) {
        return new TupleSemantics(source, target);
    }

    /** What of a column is used, and how a sentence about it begins. */
    private record Use(String subject, boolean plural) {
        String says(String verb, String rest) {
            return subject + " " + verb + (plural ? " " : verb.endsWith("sh") ? "es " : "s ") + rest;
        }
    }

    /**
     * What keeps the rows of a hypertable from belonging to the chunks on the target that they belong to on the source.
     *
     * @param table the hypertable, or the view of a continuous aggregate
     */
    public @Nullable String reasonAgainstPartitions(QualifiedName table, Hypertable hypertable) {
        return hypertable.dimensions().stream()
                .filter(HashDimension.class::isInstance)
                .map(dimension -> againstHash(
                        table, dimension.column(), new Use("the hash dimension " + dimension.column(), false)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * What keeps compressed tuples from meaning the same on the target.
     *
     * @param table the hypertable, or the view of a continuous aggregate
     * @param layout the columns of the compressed relation
     * @param settings those with which the chunk was compressed
     */
    @Nullable
    String reasonAgainst(QualifiedName table, Layout layout, ColumnstoreSettings settings) {
        List<String> names = layout.columns().stream().map(Column::name).toList();
        List<String> columns =
                names.stream().filter(name -> !name.startsWith(METADATA)).toList();
        List<String> segments = settings.segmentBy() == null ? List.of() : settings.segmentBy();
        List<Order> order = settings.orderBy() == null ? List.of() : settings.orderBy();
        return Stream.of(
                        segments.stream().map(column -> againstSegment(table, column)),
                        order.stream()
                                .map(by -> againstOrder(
                                        table, by.column(), new Use("the orderby column " + by.column(), false))),
                        names.stream()
                                .filter(name -> name.startsWith(METADATA)
                                        && !NUMBERED.matcher(name).matches())
                                .map(name -> againstMetadata(table, name, columns, settings.indexes())))
                .flatMap(reasons -> reasons)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable String againstMetadata(
            QualifiedName table, String name, List<String> columns, List<SparseIndex> indexes) {
        Matcher named = NAMED.matcher(name);
        String kind = named.matches() ? named.group(1) : "";
        List<String> known = named.matches() ? described(kind, named.group(2), name, columns, indexes) : List.of();
        boolean hashes = kind.startsWith("bloom");
        boolean orders = EXTREMES.contains(kind);
        for (String column : known.isEmpty() ? columns : known) {
            Use use = known.isEmpty() || !(hashes || orders)
                    ? new Use("the metadata " + name + ", which may be of column " + column + ",", false)
                    : hashes
                            ? new Use("the bloom filter of column " + column, false)
                            : new Use("the minimum and maximum of column " + column, true);
            @Nullable String reason = orders ? null : againstHash(table, column, use);
            if (reason == null && !hashes) {
                reason = againstOrder(table, column, use);
            }
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    /** The columns that metadata describes; none where that is not known. */
    private static List<String> described(
            String kind, String rest, String name, List<String> columns, List<SparseIndex> indexes) {
        if (columns.contains(rest)) {
            return List.of(rest);
        }
        return Stream.of(
                        columns.stream()
                                .filter(column -> column.getBytes(UTF_8).length > LONGEST_NAME)
                                .map(List::of),
                        indexes.stream().map(SparseIndex::columns).filter(several -> several.size() > 1),
                        HASHED.matcher(rest).matches()
                                ? joined(rest.substring(HASH_LENGTH), columns).stream()
                                : Stream.<List<String>>empty())
                .flatMap(candidates -> candidates)
                .filter(some -> abbreviated(kind, some).equals(name))
                .findFirst()
                .orElse(List.of());
    }

    /** The lists of columns whose names make this text, joined by underscores. */
    private static List<List<String>> joined(String text, List<String> columns) {
        List<List<String>> lists = new ArrayList<>();
        for (String column : columns) {
            if (text.equals(column)) {
                lists.add(List.of(column));
            } else if (text.startsWith(column + "_")) {
                joined(text.substring(column.length() + 1), columns)
                        .forEach(rest -> lists.add(
                                Stream.concat(Stream.of(column), rest.stream()).toList()));
            }
        }
        return lists;
    }

    /** The name of metadata of several columns, or of one with a long name: with the beginning of a hash of all names. */
    static String abbreviated(String kind, List<String> columns) {
        ByteArrayOutputStream separated = new ByteArrayOutputStream();
        for (String column : columns) {
            if (separated.size() > 0) {
                separated.write(0);
            }
            separated.writeBytes(column.getBytes(UTF_8));
        }
        byte[] joined = String.join("_", columns).getBytes(UTF_8);
        return "_ts_meta_v2_" + kind + "_" + md5(separated.toByteArray()).substring(0, 4) + "_"
                + new String(Arrays.copyOf(joined, Math.min(joined.length, LONGEST_NAME)), UTF_8);
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private @Nullable String againstSegment(QualifiedName table, String column) {
        return source.of(table, column)
                .flatMap(values -> differing(values).filter(collation -> !isDeterministic(collation)))
                .map(collation -> new Use("the segmentby column " + column, false).says("follow", versus(collation)))
                .orElse(null);
    }

    /** What keeps the hashes of a column's values from being the target's. */
    private @Nullable String againstHash(QualifiedName table, String column, Use use) {
        Optional<ColumnSemantics> semantics = source.of(table, column);
        if (semantics.isEmpty()) {
            return null;
        }
        ColumnSemantics values = semantics.get();
        if (!values.enums().isEmpty()) {
            return use.says(
                    "hash", "values of the enum " + values.enums().get(0) + ", whose OIDs differ on the target");
        }
        return against(values, use, "hash")
                .or(() -> differing(values)
                        .filter(collation -> !isDeterministic(collation))
                        .map(collation -> use.says("follow", versus(collation))))
                .orElse(null);
    }

    /** What keeps the order of a column's values from being the target's. The order of an enum is that of its labels. */
    private @Nullable String againstOrder(QualifiedName table, String column, Use use) {
        return source.of(table, column)
                .flatMap(values -> against(values, use, "order")
                        .or(() -> differing(values).map(collation -> use.says("follow", versus(collation)))))
                .orElse(null);
    }

    private Optional<String> against(ColumnSemantics values, Use use, String verb) {
        if (!values.oidTypes().isEmpty()) {
            return Optional.of(use.says(
                    verb, "values of the type " + values.oidTypes().get(0) + ", which are OIDs of the source"));
        }
        if (!values.ownTypes().isEmpty()) {
            return Optional.of(use.says(
                    verb,
                    "values of the type " + values.ownTypes().get(0)
                            + ", whose functions are not PostgreSQL's own and may differ on the target"));
        }
        return values.text() && !sourceEncoding.equals(targetEncoding)
                ? Optional.of(
                        use.says(verb, "text in the encoding " + sourceEncoding + ", on the target " + targetEncoding))
                : Optional.empty();
    }

    /** The first collation of a column that orders otherwise on the target, or may do so. */
    private Optional<Collation> differing(ColumnSemantics values) {
        return values.collations().stream()
                .filter(collation -> !isSame(collation, target.counterpartOf(collation)))
                .findFirst();
    }

    private boolean isDeterministic(Collation collation) {
        return collation.deterministic() && target.counterpartOf(collation).deterministic();
    }

    private boolean isSame(Collation one, Collation other) {
        if (one.isCodePointOrder() && other.isCodePointOrder()) {
            return sourceEncoding.equals(targetEncoding);
        }
        return one.library().equals(other.library())
                && one.rules().equals(other.rules())
                && one.deterministic() == other.deterministic()
                && one.version() != null
                && one.version().equals(other.version());
    }

    private String versus(Collation collation) {
        return "the collation " + collation + ", on the target " + target.counterpartOf(collation);
    }
}
