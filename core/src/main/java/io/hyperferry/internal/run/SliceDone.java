package io.hyperferry.internal.run;

import io.hyperferry.Slice;
import io.hyperferry.TableData;
import io.hyperferry.copy.CopyResult;

/** Hears of slices that are done. */
interface SliceDone {
    /** A slice is done. */
    void done(TableData table, Slice slice, long rows, CopyResult result);
}
