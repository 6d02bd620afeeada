package io.hyperferry;

/** How chunks of the columnstore travel. In the end each chunk is compressed on the target exactly if it is on the source. */
public enum CompressedMode {
    /**
     * As they are: the compressed tuples themselves, where the target's compressed relation has the same columns and the same settings. Other
     * chunks travel as with {@link #RECOMPRESS}, and plan and report say why.
     */
    AS_IS,
    /**
     * As rows, which are compressed on the target as soon as all those of a chunk are there: straight on arrival where the server
     * does that, else chunk by chunk while copying goes on.
     */
    RECOMPRESS,
    /** As rows, which are compressed after indexes and constraints. */
    ROWS
}
