package io.hyperferry.internal.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperferry.catalog.CompressionSizes;
import io.hyperferry.copy.CopiedFile;
import io.hyperferry.internal.ledger.Digest;
import io.hyperferry.internal.ledger.Reading;
import io.hyperferry.internal.ledger.SliceMark;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice that is in files.
 *
 * @param position its number in the plan
 * @param mark what was read of it
 * @param bytes those that COPY sent
 * @param files its files, in the order in which they are read; none when there was nothing to read
 * @param sizes what compressing had made of its chunk, when its tuples travel and that is known
 */
public record ExportedSlice(
        int position,
        SliceMark mark,
        long bytes,
        List<CopiedFile> files,
        @Nullable CompressionSizes sizes) {
    public ExportedSlice {
        files = List.copyOf(files);
    }

    /** Its line in the list of slices. */
    ObjectNode toJson() {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("slice", position);
        line.put("rows", mark.digest().rows());
        line.put("digest", mark.digest().sum().toPlainString());
        line.put("reading", mark.reading().name());
        line.put("tuples", mark.asTuples());
        line.put("bytes", bytes);
        ArrayNode list = line.putArray("files");
        for (CopiedFile file : files) {
            list.addObject().put("name", file.name()).put("bytes", file.bytes()).put("sha256", file.sha256());
        }
        if (sizes != null) {
            line.putObject("compression")
                    .put("heapBefore", sizes.heapBefore())
                    .put("toastBefore", sizes.toastBefore())
                    .put("indexesBefore", sizes.indexesBefore())
                    .put("heapAfter", sizes.heapAfter())
                    .put("toastAfter", sizes.toastAfter())
                    .put("indexesAfter", sizes.indexesAfter())
                    .put("rows", sizes.rows())
                    .put("tuples", sizes.tuples());
        }
        return line;
    }

    /**
     * From its line.
     *
     * @throws IllegalArgumentException when something is missing
     */
    static ExportedSlice of(JsonNode line) {
        List<CopiedFile> files = new ArrayList<>();
        for (JsonNode file : line.path("files")) {
            files.add(new CopiedFile(text(file, "name"), number(file, "bytes"), text(file, "sha256")));
        }
        Digest digest = new Digest(number(line, "rows"), new BigDecimal(text(line, "digest")));
        return new ExportedSlice(
                Math.toIntExact(number(line, "slice")),
                new SliceMark(
                        Reading.valueOf(text(line, "reading")),
                        line.path("tuples").asBoolean(),
                        digest),
                number(line, "bytes"),
                files,
                line.has("compression") ? sizes(line.path("compression")) : null);
    }

    private static CompressionSizes sizes(JsonNode of) {
        return new CompressionSizes(
                number(of, "heapBefore"),
                number(of, "toastBefore"),
                number(of, "indexesBefore"),
                number(of, "heapAfter"),
                number(of, "toastAfter"),
                number(of, "indexesAfter"),
                number(of, "rows"),
                number(of, "tuples"));
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no text " + name);
        }
        return value.textValue();
    }

    private static long number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("no number " + name);
        }
        return value.longValue();
    }
}
