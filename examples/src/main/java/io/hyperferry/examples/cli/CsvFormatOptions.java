package io.hyperferry.examples.cli;

import io.hyperferry.copy.CsvFormat;
import io.hyperferry.copy.CsvHeader;
import io.hyperferry.copy.CsvLoad;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a CSV file is written, and which values go to which columns. */
final class CsvFormatOptions {
    @Option(
            names = "--header",
            paramLabel = "WHAT",
            converter = HeaderConverter.class,
            defaultValue = "none",
            description =
                    "What the first record is: none, a row; skip, left out; match, names of columns in the file's order"
                            + " (default: ${DEFAULT-VALUE}).")
    CsvHeader header = CsvHeader.NONE;

    @Option(
            names = "--map",
            paramLabel = "NAME=COLUMN",
            description = "A name in the header that is another column's. Can be repeated; goes with --header match.")
    Map<String, String> mapping = new LinkedHashMap<>();

    @Option(
            names = "--columns",
            paramLabel = "COLUMN",
            split = ",",
            description =
                    "The columns of the values, in the order of the file, without a header or with one that is skipped.")
    List<String> columns = new ArrayList<>();

    @Option(
            names = "--delimiter",
            paramLabel = "SIGN",
            description = "Separates values (default: a comma; tab for a tab).")
    @Nullable
    String delimiter;

    @Option(names = "--quote", paramLabel = "SIGN", description = "Encloses values (default: a double quote).")
    @Nullable
    String quote;

    @Option(
            names = "--escape",
            paramLabel = "SIGN",
            description = "Stands before a quote in quotes (default: the quote).")
    @Nullable
    String escape;

    @Option(names = "--null", paramLabel = "TEXT", description = "Stands for NULL without quotes (default: nothing).")
    @Nullable
    String nullText;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "PostgreSQL's name of the encoding (default: UTF8).")
    @Nullable
    String encoding;

    @Option(
            names = "--force-null",
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns whose quoted values can stand for NULL, too.")
    List<String> forceNull = new ArrayList<>();

    @Option(
            names = "--force-not-null",
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns of which no value stands for NULL.")
    List<String> forceNotNull = new ArrayList<>();

    /**
     * The load with this format.
     *
     * @throws UsageException when a sign is none
     * @throws IllegalArgumentException when COPY would refuse it
     */
    CsvLoad applyTo(CsvLoad load) {
        CsvFormat format = CsvFormat.DEFAULT.withForceNull(forceNull).withForceNotNull(forceNotNull);
        // All at once: one after the other, two that change places would be the same for a moment.
        char quoteSign = quote == null ? format.quote() : sign("--quote", quote);
        format = new CsvFormat(
                delimiter == null ? format.delimiter() : sign("--delimiter", delimiter),
                quoteSign,
                escape == null ? quoteSign : sign("--escape", escape),
                nullText == null ? format.nullText() : nullText,
                encoding == null ? format.encoding() : encoding,
                forceNull,
                forceNotNull);
        if (!mapping.isEmpty() && header != CsvHeader.MATCH) {
            throw new UsageException("--map needs a header: add --header match");
        }
        if (!columns.isEmpty() && header == CsvHeader.MATCH) {
            throw new UsageException("--columns does not go with --header match, which names them");
        }
        CsvLoad shaped = load.format(format).columns(columns);
        return mapping.isEmpty() ? shaped.header(header) : shaped.mapping(mapping);
    }

    private static char sign(String option, String text) {
        if (text.equals("tab") || text.equals("\\t")) {
            return '\t';
        }
        if (text.length() != 1) {
            throw new UsageException(option + " must be one character, not '" + text + "'");
        }
        return text.charAt(0);
    }

    /** The words of the command line for a header. */
    static final class HeaderConverter extends WordConverter<CsvHeader> {
        HeaderConverter() {
            super(CsvHeader.values());
        }
    }
}
