package io.hyperferry.internal.sql;

import io.hyperferry.catalog.Dimension.TimeDimension;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** The types of a time column, as far as a range of them can be written as a condition. */
public enum TimeType {
    /** {@code timestamp with time zone}. */
    TIMESTAMPTZ,
    /** {@code timestamp without time zone}, which TimescaleDB counts as if it were UTC. */
    TIMESTAMP,
    /** {@code date}. */
    DATE,
    /** {@code smallint}, {@code integer} and {@code bigint}. */
    INTEGER,
    /** A type whose ranges only TimescaleDB can tell: uuid, or one with a partitioning function. */
    OPAQUE;

    /** Microseconds in a day, the smallest width of a range of dates. */
    public static final long DAY_MICROS = 86_400_000_000L;

    /**
     * The first timestamp that TimescaleDB does not take, 294247-01-01 UTC. Beyond it lies infinity and nothing else, and older versions
     * refuse to compare a time dimension with a literal from there.
     */
    private static final long END_MICROS = 9_223_371_244_800_000_000L;

    private static final long SECOND_MICROS = 1_000_000L;
    // Unlike "yyyy", without a sign before years of more than four digits.
    private static final DateTimeFormatter DAY = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NEVER)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter SECONDS = new DateTimeFormatterBuilder()
            .append(DAY)
            .appendPattern(" HH:mm:ss")
            .toFormatter(Locale.ROOT);

    /** The type of a dimension's column. */
    public static TimeType of(TimeDimension dimension) {
        if (dimension.partitioningFunction() != null) {
            return OPAQUE;
        }
        return switch (dimension.columnType()) {
            case "timestamp with time zone" -> TIMESTAMPTZ;
            case "timestamp without time zone" -> TIMESTAMP;
            case "date" -> DATE;
            case "smallint", "integer", "bigint" -> INTEGER;
            default -> OPAQUE;
        };
    }

    /** Whether a value in TimescaleDB's internal unit is a time, in microseconds since 1970-01-01 UTC. */
    public boolean isCalendar() {
        return this == TIMESTAMPTZ || this == TIMESTAMP || this == DATE;
    }

    /**
     * A value in TimescaleDB's internal unit as a literal of this type.
     *
     * @throws IllegalStateException for {@link #OPAQUE}, which has no literals
     */
    public String literal(long internal) {
        return switch (this) {
            case TIMESTAMPTZ -> "TIMESTAMPTZ '" + timestamp(internal, "+00") + "'";
            case TIMESTAMP -> "TIMESTAMP '" + timestamp(internal, "") + "'";
            case DATE -> "DATE '" + firstDateFrom(internal) + "'";
            case INTEGER -> Long.toString(internal);
            case OPAQUE -> throw new IllegalStateException("a range of this type cannot be written as a condition");
        };
    }

    private static String timestamp(long micros, String zone) {
        if (micros >= END_MICROS) {
            return "infinity";
        }
        LocalDateTime time = time(micros);
        long fraction = Math.floorMod(micros, SECOND_MICROS);
        String digits = fraction == 0 ? "" : "." + String.format(Locale.ROOT, "%06d", fraction);
        return SECONDS.format(time) + digits + zone + era(time);
    }

    /** A bound within a day stands between two dates, so the later one is the first that lies beyond it. */
    private static String firstDateFrom(long micros) {
        if (micros >= END_MICROS) {
            return "infinity";
        }
        LocalDateTime time = time(-Math.floorDiv(-micros, DAY_MICROS) * DAY_MICROS);
        return DAY.format(time) + era(time);
    }

    private static LocalDateTime time(long micros) {
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(Math.floorDiv(micros, SECOND_MICROS)), ZoneOffset.UTC);
    }

    private static String era(LocalDateTime time) {
        return time.get(ChronoField.ERA) == 0 ? " BC" : "";
    }
}
