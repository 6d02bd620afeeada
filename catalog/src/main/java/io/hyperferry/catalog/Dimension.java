package io.hyperferry.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the dimensions by which a hypertable is cut into chunks.
 *
 * @see <a href="https://docs.tigerdata.com/api/latest/hypertable/add_dimension/">add_dimension</a>
 */
public sealed interface Dimension {
    /** The column's name. */
    String column();

    /** The column's type as {@code format_type} spells it. */
    String columnType();

    /** The function that turns the column's value into the value that is cut, or null for the built-in one. */
    @Nullable
    QualifiedName partitioningFunction();

    /**
     * A dimension cut into ranges: time, or a number that stands for it.
     *
     * @param column the column's name
     * @param columnType the column's type
     * @param interval the width of a new chunk: microseconds for dates and timestamps, else the column's own unit
     * @param partitioningFunction a function that makes a time of the column, or null
     * @param integerNow the function that says what "now" is in the column's unit, or null
     */
    record TimeDimension(
            String column,
            String columnType,
            long interval,
            @Nullable QualifiedName partitioningFunction,
            @Nullable QualifiedName integerNow)
            implements Dimension {
        public TimeDimension {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(columnType, "columnType");
        }

        /** A time dimension without functions of its own. */
        public static TimeDimension of(String column, String columnType, long interval) {
            return new TimeDimension(column, columnType, interval, null, null);
        }
    }

    /**
     * A dimension cut by hash.
     *
     * @param column the column's name
     * @param columnType the column's type
     * @param partitions the number of partitions of a new chunk's time range
     * @param partitioningFunction the hash function, or null for the built-in one
     */
    record HashDimension(
            String column,
            String columnType,
            int partitions,
            @Nullable QualifiedName partitioningFunction) implements Dimension {
        public HashDimension {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(columnType, "columnType");
        }
    }
}
