package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;

import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server into which buckets of a continuous aggregate moments fall: only its own function knows time zones, months and origins.
 *
 * @param timeType the type of the buckets, as {@code format_type} spells it
 * @param width the width, as the type's interval or integer
 * @param length the same in the internal unit, where months count 31 days
 * @param origin a bucket's start, or null for the function's default
 * @param offset by how much the default is moved, or null
 * @param timezone the zone in which days and months are cut, or null
 * @param timescaleSchema the schema of {@code time_bucket}
 * @param functionSchema the schema of TimescaleDB's internal functions
 */
record BucketQueries(
        String timeType,
        String width,
        long length,
        @Nullable String origin,
        @Nullable String offset,
        @Nullable String timezone,
        String timescaleSchema,
        String functionSchema) {
    /** Where timestamps begin for TimescaleDB, and the first that it does not take. */
    static final long FIRST_TIMESTAMP = -210_866_803_200_000_000L;

    private static final long END_OF_TIMESTAMPS = 9_223_371_244_800_000_000L;

    private record Bucket(long moment, long start, long end) {}

    private boolean isInteger() {
        return timeType.equals("smallint") || timeType.equals("integer") || timeType.equals("bigint");
    }

    /** The least ranges of whole buckets that hold these ranges. */
    List<Invalidation> around(Queries queries, List<Invalidation> ranges) {
        Map<Long, Bucket> buckets = buckets(queries, ranges);
        return Invalidation.merge(ranges.stream()
                .map(it -> new Invalidation(start(it, buckets), end(it, buckets)))
                .toList());
    }

    /** The same, but the first range begins with the first bucket that is wholly inside. */
    List<Invalidation> wholeFrom(Queries queries, List<Invalidation> ranges) {
        Map<Long, Bucket> buckets = buckets(queries, ranges);
        List<Invalidation> whole = new ArrayList<>();
        for (Invalidation range : ranges) {
            long start = start(range, buckets);
            if (whole.isEmpty() && start < range.lowest()) {
                Bucket first = buckets.get(range.lowest());
                start = first == null ? range.lowest() : first.end();
            }
            long end = end(range, buckets);
            if (start <= end) {
                whole.add(new Invalidation(start, end));
            }
        }
        return Invalidation.merge(whole);
    }

    private static long start(Invalidation range, Map<Long, Bucket> buckets) {
        Bucket bucket = buckets.get(range.lowest());
        return bucket == null ? range.lowest() : bucket.start();
    }

    private static long end(Invalidation range, Map<Long, Bucket> buckets) {
        Bucket bucket = buckets.get(range.greatest());
        return bucket == null ? range.greatest() : bucket.end() - 1;
    }

    /** The buckets of the ranges' ends; none for ends that are beyond all buckets. */
    private Map<Long, Bucket> buckets(Queries queries, List<Invalidation> ranges) {
        TreeSet<Long> moments = new TreeSet<>();
        ranges.forEach(it -> moments.addAll(List.of(it.lowest(), it.greatest())));
        moments.removeIf(this::isBeyond);
        Map<Long, Bucket> buckets = new TreeMap<>();
        if (moments.isEmpty()) {
            return buckets;
        }
        List<Object> values = new ArrayList<>();
        values.add(moments.toArray(Long[]::new));
        String moment = switch (timeType) {
            case "smallint", "integer", "bigint" -> "m.moment::" + timeType;
            case "date" -> functionSchema + ".to_date(m.moment)";
            case "timestamp without time zone" -> functionSchema + ".to_timestamp_without_timezone(m.moment)";
            default -> functionSchema + ".to_timestamp(m.moment)";
        };
        String start = bucket(moment, values);
        String end = end(values);
        queries.list(
                        """
                        SELECT m.moment, {internal}(s.start) AS first, {internal}(e.next) AS next
                        FROM unnest(CAST(? AS bigint[])) AS m (moment),
                            LATERAL (SELECT {start} AS start) s, LATERAL (SELECT {end} AS next) e
                        """.replace("{internal}", functionSchema + ".time_to_internal")
                                .replace("{start}", start)
                                .replace("{end}", end),
                        BucketQueries::bucket,
                        values.toArray())
                .forEach(it -> buckets.put(it.moment(), it));
        return buckets;
    }

    private static Bucket bucket(Record row) {
        return new Bucket(number(row, "moment"), number(row, "first"), number(row, "next"));
    }

    private String bucket(String moment, List<Object> values) {
        StringBuilder call = new StringBuilder(timescaleSchema).append(".time_bucket(");
        call.append(value(isInteger() ? timeType : "interval", width, values))
                .append(", ")
                .append(moment);
        if (timezone != null) {
            call.append(", ").append(value("text", timezone, values));
        }
        if (origin != null) {
            call.append(", origin => ").append(value(isInteger() ? timeType : originType(), origin, values));
        }
        if (offset != null) {
            call.append(", \"offset\" => ").append(value(isInteger() ? timeType : "interval", offset, values));
        }
        return call.append(")").toString();
    }

    private String originType() {
        return timeType.equals("uuid") ? "timestamp with time zone" : timeType;
    }

    private String end(List<Object> values) {
        if (isInteger()) {
            return "(s.start + " + value(timeType, width, values) + ")::" + timeType;
        }
        if (timezone == null) {
            String next = "s.start + " + value("interval", width, values);
            return timeType.equals("date") ? "(" + next + ")::date" : next;
        }
        return "((s.start AT TIME ZONE " + value("text", timezone, values) + ") + " + value("interval", width, values)
                + ") AT TIME ZONE " + value("text", timezone, values);
    }

    private static String value(String type, String text, List<Object> values) {
        values.add(text);
        return "CAST(? AS " + type + ")";
    }

    /** Near the ends of a type a bucket would begin before the first value or end after the last. */
    private boolean isBeyond(long moment) {
        long room = 2 * length;
        return switch (timeType) {
            case "smallint" -> moment < -Short.MAX_VALUE + room || moment > Short.MAX_VALUE - room;
            case "integer" -> moment < -Integer.MAX_VALUE + room || moment > Integer.MAX_VALUE - room;
            case "bigint" -> moment < -Long.MAX_VALUE + room || moment > Long.MAX_VALUE - room;
            default -> moment <= FIRST_TIMESTAMP + room || moment >= END_OF_TIMESTAMPS - room;
        };
    }
}
