package io.hyperferry.copy.internal;

import static java.util.Objects.requireNonNull;

import io.hyperferry.copy.CsvHeader;
import java.util.List;
import java.util.Map;

/**
 * Which values go to which columns.
 *
 * @param header what the first record is
 * @param columns where values go, in the order of the file; empty for the table's own
 * @param mapping from a name in a header to a column, where both differ
 */
public record CsvShape(CsvHeader header, List<String> columns, Map<String, String> mapping) {

    public CsvShape {
        requireNonNull(header, "header");
        columns = List.copyOf(columns);
        mapping = Map.copyOf(mapping);
    }

    public CsvShape withHeader(CsvHeader other) {
        return new CsvShape(other, columns, mapping);
    }

    public CsvShape withColumns(List<String> others) {
        return new CsvShape(header, others, mapping);
    }

    public CsvShape withMapping(Map<String, String> other) {
        return new CsvShape(CsvHeader.MATCH, columns, other);
    }
}
