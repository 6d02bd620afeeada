package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A piece of work that commits as a whole, as finished SQL.
 *
 * @param name what people call it; it appears in messages, logs and events, so it must hold no row value
 * @param parts what is copied, in this order; none for a task whose work is in the hooks of its claim
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
public record CopyTask(String name, List<Part> parts) {

    /**
     * One COPY from here to there. Both statements must use the same format; binary is the fast one.
     *
     * @param copyOut read on the source, as in {@code COPY (SELECT …) TO STDOUT (FORMAT binary)}; of a source of files, a file's name
     * @param copyIn written on the target, as in {@code COPY s.t (a, b) FROM STDIN (FORMAT binary)}; of a sink of files, a file's name
     */
    public record Part(String copyOut, String copyIn) {

        /**
         * Makes a part.
         *
         * @throws IllegalArgumentException when a statement is blank
         */
        public Part {
            requireText(copyOut, "copyOut");
            requireText(copyIn, "copyIn");
        }
    }

    /**
     * Makes a task.
     *
     * @throws IllegalArgumentException when the name is blank
     */
    public CopyTask {
        requireText(name, "name");
        parts = List.copyOf(parts);
    }

    /**
     * Makes a task of one part.
     *
     * @throws IllegalArgumentException when an argument is blank
     */
    public CopyTask(String name, String copyOut, String copyIn) {
        this(name, List.of(new Part(copyOut, copyIn)));
    }

    private static void requireText(String text, String parameter) {
        if (requireNonNull(text, parameter).isBlank()) {
            throw new IllegalArgumentException(parameter + " is blank: '" + text + "'");
        }
    }
}
