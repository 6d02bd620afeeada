package io.hyperferry.copy.internal;

import io.hyperferry.copy.CsvFormat;
import io.hyperferry.copy.CsvHeader;
import io.hyperferry.copy.CsvLoadListener;
import java.util.List;
import java.util.Map;

/** All that a load can be told. */
public record CsvOptions(
        CsvFormat format, CsvShape shape, CsvCuts cuts, CsvWrites writes, CsvPace pace, CsvLoadListener listener) {

    /** What holds unless something else is said. */
    public static CsvOptions defaults(CsvCuts cuts, CsvPace pace) {
        return new CsvOptions(
                CsvFormat.DEFAULT,
                new CsvShape(CsvHeader.NONE, List.of(), Map.of()),
                cuts,
                new CsvWrites(null, false, null, true),
                pace,
                event -> {});
    }

    public CsvOptions with(CsvFormat other) {
        return new CsvOptions(other, shape, cuts, writes, pace, listener);
    }

    public CsvOptions with(CsvShape other) {
        return new CsvOptions(format, other, cuts, writes, pace, listener);
    }

    public CsvOptions with(CsvCuts other) {
        return new CsvOptions(format, shape, other, writes, pace, listener);
    }

    public CsvOptions with(CsvWrites other) {
        return new CsvOptions(format, shape, cuts, other, pace, listener);
    }

    public CsvOptions with(CsvPace other) {
        return new CsvOptions(format, shape, cuts, writes, other, listener);
    }

    public CsvOptions with(CsvLoadListener other) {
        return new CsvOptions(format, shape, cuts, writes, pace, other);
    }
}
