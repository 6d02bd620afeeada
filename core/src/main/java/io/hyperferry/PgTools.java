package io.hyperferry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL's own tools are: {@code pg_dump} and {@code pg_restore}, of the source's version or newer. An immutable value.
 *
 * <p>Data goes through their standard input and output and the password through the variable {@code PGPASSWORD}, so that they can run
 * anywhere, in a container for example.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgdump.html">pg_dump</a>
 */
public final class PgTools {
    private static final PgTools ON_PATH = new PgTools(List.of(), null);

    private final List<String> prefix;
    private final @Nullable Path directory;

    private PgTools(List<String> prefix, @Nullable Path directory) {
        this.prefix = List.copyOf(prefix);
        this.directory = directory;
    }

    /** The tools that the search path finds. */
    public static PgTools onPath() {
        return ON_PATH;
    }

    /** The tools in a directory, for example {@code /usr/lib/postgresql/17/bin}. */
    public static PgTools in(Path directory) {
        return new PgTools(List.of(), Objects.requireNonNull(directory, "directory"));
    }

    /**
     * The tools behind a command that a tool's name and arguments can follow, for example
     * {@code command("docker", "run", "--rm", "-i", "--network", "host", "-e", "PGPASSWORD", "postgres:17")}.
     *
     * @throws IllegalArgumentException when there is no word
     */
    public static PgTools command(String... words) {
        if (words.length == 0) {
            throw new IllegalArgumentException("a command has at least one word");
        }
        return new PgTools(List.of(words), null);
    }

    /** The command line that runs a tool, without its arguments. */
    public List<String> commandFor(String tool) {
        List<String> command = new ArrayList<>(prefix);
        command.add(directory == null ? tool : directory.resolve(tool).toString());
        return command;
    }

    /** The command's first word; what comes after it may be a password. */
    @Override
    public String toString() {
        return commandFor("pg_dump").get(0) + (prefix.isEmpty() ? "" : " …");
    }
}
