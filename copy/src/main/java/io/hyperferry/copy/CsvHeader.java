package io.hyperferry.copy;

/** What the first record of a CSV file is. */
public enum CsvHeader {

    /** A row like all others; values go to the columns that {@link CsvLoad#columns} names, or to those of the table in their order. */
    NONE,

    /** Left out, whatever it says; values go to columns as with {@link #NONE}. */
    SKIP,

    /**
     * The names of columns, in the order of the file's values, which may be another one than the table's, and not all of them. A name that the
     * table does not have is an error before anything is loaded.
     */
    MATCH
}
