package io.hyperferry.copy.internal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How rows are written.
 *
 * @param importId marks what is done, if there is one
 * @param skipConflicts whether rows that the table has are left out
 * @param rejects where records go that the server refuses, if they do not stop the load
 * @param directCompress whether the server compresses rows as they come, if it can
 */
public record CsvWrites(
        @Nullable String importId,
        boolean skipConflicts,
        @Nullable Path rejects,
        boolean directCompress) {

    public CsvWrites withImportId(String id) {
        if (id.isBlank()) {
            throw new IllegalArgumentException("importId is blank: '" + id + "'");
        }
        return new CsvWrites(id, skipConflicts, rejects, directCompress);
    }

    public CsvWrites skippingConflicts() {
        return new CsvWrites(importId, true, rejects, directCompress);
    }

    public CsvWrites withRejects(Path file) {
        return new CsvWrites(importId, skipConflicts, file, directCompress);
    }

    public CsvWrites withDirectCompress(boolean wanted) {
        return new CsvWrites(importId, skipConflicts, rejects, wanted);
    }
}
