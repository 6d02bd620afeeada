package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvFormat;
import java.util.ArrayList;
import java.util.List;

/** Takes one record of CSV apart, as COPY does. */
final class CsvFields {

    private CsvFields() {}

    static List<String> of(String record, CsvFormat format) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < record.length(); i++) {
            char c = record.charAt(i);
            char following = i + 1 < record.length() ? record.charAt(i + 1) : 0;
            if (quoted && c == format.escape() && (following == format.quote() || following == format.escape())) {
                field.append(following);
                i++;
            } else if (c == format.quote()) {
                quoted = !quoted;
            } else if (c == format.delimiter() && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
