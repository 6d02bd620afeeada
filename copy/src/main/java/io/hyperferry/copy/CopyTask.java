package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

/**
 * One piece of copying, as finished SQL. Both statements must use the same format; binary is the fast one.
 *
 * @param name what people call it; it appears in messages, logs and events, so it must hold no row value
 * @param copyOut read on the source, as in {@code COPY (SELECT …) TO STDOUT (FORMAT binary)}
 * @param copyIn written on the target, as in {@code COPY s.t (a, b) FROM STDIN (FORMAT binary)}
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
public record CopyTask(String name, String copyOut, String copyIn) {

    /**
     * Makes a task.
     *
     * @throws IllegalArgumentException when a part is blank
     */
    public CopyTask {
        requireText(name, "name");
        requireText(copyOut, "copyOut");
        requireText(copyIn, "copyIn");
    }

    private static void requireText(String text, String parameter) {
        if (requireNonNull(text, parameter).isBlank()) {
            throw new IllegalArgumentException(parameter + " is blank: '" + text + "'");
        }
    }
}
