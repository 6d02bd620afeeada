package io.hyperferry.examples.bench;

import io.hyperferry.Verification;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A way of moving the hypertable. */
enum Way {
    /** The published procedure. */
    CSV(
            "a",
            "psql, CSV file",
            "\\copy to a CSV file, then \\copy from it into the hypertable with its index",
            false,
            null),

    /** What somebody writes who knows COPY well. */
    PSQL(
            "b",
            "psql | psql, binary",
            "binary COPY through pipes, several slices at a time, index afterwards",
            false,
            null),

    /** Hyperferry, of a source without columnstore. */
    ROWS("c", "Hyperferry, rows", "the whole migration; slices are chunks", false, Verification.DIGESTS),

    /** The same without digests, as psql has none. */
    ROWS_COUNTED(
            "c0", "Hyperferry, rows, no digests", "as c, where counts are the whole proof", false, Verification.COUNTS),

    /** Like {@link #PSQL}, of a source that is compressed. */
    PSQL_COMPRESS(
            "d",
            "psql | psql, compress_chunk",
            "as b, then compress_chunk, several chunks at a time, then the index",
            true,
            null),

    /** Hyperferry, of a source that is compressed. */
    COMPRESSED("e", "Hyperferry, compressed", "the whole migration of compressed chunks", true, Verification.DIGESTS),

    /** The same without digests. */
    COMPRESSED_COUNTED(
            "e0",
            "Hyperferry, compr., no digests",
            "as e, where counts are the whole proof",
            true,
            Verification.COUNTS);

    private final String letter;
    private final String title;
    private final String explanation;
    private final boolean compressed;
    private final @Nullable Verification verification;

    Way(String letter, String title, String explanation, boolean compressed, @Nullable Verification verification) {
        this.letter = letter;
        this.title = title;
        this.explanation = explanation;
        this.compressed = compressed;
        this.verification = verification;
    }

    /** The letter by which the command line and the tables call it. */
    String letter() {
        return letter;
    }

    /** Its name in tables and plots. */
    String title() {
        return title;
    }

    /** What it does. */
    String explanation() {
        return explanation;
    }

    /** Whether the chunks are compressed, on the source and in the end on the target. */
    boolean compressed() {
        return compressed;
    }

    /** Whether Hyperferry moves it. */
    boolean hyperferry() {
        return verification != null;
    }

    /** What Hyperferry proves, where it moves the table. */
    Optional<Verification> verification() {
        return Optional.ofNullable(verification);
    }

    /** The way with psql that ends in the same state, and is to be compared with. */
    Way opponent() {
        return compressed ? PSQL_COMPRESS : PSQL;
    }

    /**
     * The way with a letter.
     *
     * @throws IllegalArgumentException when there is none
     */
    static Way of(String letter) {
        for (Way way : values()) {
            if (way.letter.equals(letter.strip().toLowerCase(Locale.ROOT))) {
                return way;
            }
        }
        throw new IllegalArgumentException("there is no way '" + letter + "': a, b, c, c0, d, e or e0");
    }
}
