package io.hyperferry.internal.schema;

import io.hyperferry.PgTools;
import io.hyperferry.Problem;
import io.hyperferry.catalog.Version;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Endpoint.ToolAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the source's schema with pg_dump, and has pg_restore turn it into SQL, entry by entry.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgrestore.html">pg_restore</a>
 */
public final class SchemaDump {
    private static final String PG_DUMP = "pg_dump";
    private static final String PG_RESTORE = "pg_restore";
    private static final String END_OF_DUMP = "-- PostgreSQL database dump complete";

    private final ToolProcess tools;
    private final PgTools where;
    private final ToolAccess source;

    public SchemaDump(PgTools tools, ToolAccess source, Cancellation cancellation) {
        this.tools = new ToolProcess(tools, source.password(), cancellation);
        this.where = tools;
        this.source = source;
    }

    /** Whether the tools can be started, are not older than the server, and reach it. */
    public List<Problem> problems(Version server) {
        @Nullable IOException unreachable = failureToConnect();
        List<Problem> problems = new ArrayList<>();
        // A dump that came out says of pg_dump all that there is to know.
        for (String tool : unreachable == null ? List.of(PG_RESTORE) : List.of(PG_DUMP, PG_RESTORE)) {
            try {
                Version version = tools.version(tool);
                if (version.major() < server.major()) {
                    problems.add(Problem.blocking(
                            Problem.Code.TOOL_TOO_OLD,
                            tool,
                            tool + " is of version " + version + ", the source's server of version " + server + ".",
                            "Give the directory of tools of version " + server.major()
                                    + " or newer (PgTools.in, --pg-tools), or a command that runs them"
                                    + " (PgTools.command, --pg-tools-command)."));
                }
            } catch (IOException e) {
                problems.add(Problem.blocking(
                        Problem.Code.TOOL_MISSING,
                        tool,
                        tool + " cannot be run (" + commandName(tool) + "): " + e.getMessage() + ".",
                        "Install PostgreSQL's client tools of version " + server.major()
                                + " or newer, or say where they are (PgTools.in, --pg-tools), or by which command they run"
                                + " (PgTools.command, --pg-tools-command)."));
            }
        }
        if (unreachable != null && problems.stream().noneMatch(it -> it.object().equals(PG_DUMP))) {
            problems.add(Problem.blocking(
                    Problem.Code.TOOL_CANNOT_CONNECT,
                    PG_DUMP,
                    "pg_dump, which connects by itself, does not reach the source: " + unreachable.getMessage() + ".",
                    "Check that where it runs (" + commandName(PG_DUMP)
                            + ") the source's host name means the same, that the"
                            + " files of certificates and keys are there under the same paths, and that it gets the"
                            + " password (PGPASSWORD)."));
        }
        return problems;
    }

    /** The command without what stands between its first word and the tool, which may hold a password. */
    private String commandName(String tool) {
        List<String> command = where.commandFor(tool);
        return command.size() == 1 ? command.get(0) : command.get(0) + " … " + tool;
    }

    /** Dumps as little as there is, a table of PostgreSQL's own with a handful of rows. */
    private @Nullable IOException failureToConnect() {
        try {
            String dump = new String(
                    tools.run(
                            PG_DUMP,
                            List.of(
                                    "--data-only",
                                    "--table=pg_catalog.pg_am",
                                    "--no-password",
                                    "--dbname=" + source.conninfo()),
                            new byte[0]),
                    StandardCharsets.UTF_8);
            return dump.contains(END_OF_DUMP) ? null : new IOException("it wrote no dump");
        } catch (IOException e) {
            return e;
        }
    }

    /**
     * Takes the schema.
     *
     * @param snapshot an exported snapshot to read under, or null
     * @throws IOException when a tool fails
     */
    public Texts take(@Nullable String snapshot) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--format=custom",
                "--section=pre-data",
                "--section=post-data",
                "--exclude-schema=_timescaledb*",
                "--exclude-schema=hyperferry",
                "--no-subscriptions",
                "--encoding=UTF8",
                "--no-password",
                "--dbname=" + source.conninfo()));
        if (snapshot != null) {
            arguments.add("--snapshot=" + snapshot);
        }
        byte[] archive = tools.run(PG_DUMP, arguments, new byte[0]);
        return new Texts(
                section(archive, "pre-data"), section(archive, "post-data"), restore(archive, List.of("--list")));
    }

    private String section(byte[] archive, String section) throws IOException {
        return restore(archive, List.of("--section=" + section, "--verbose", "--file=-"));
    }

    private String restore(byte[] archive, List<String> arguments) throws IOException {
        return new String(tools.run(PG_RESTORE, arguments, archive), StandardCharsets.UTF_8);
    }

    /**
     * A schema as the tools write it.
     *
     * @param preData the SQL of what comes before the rows
     * @param postData the SQL of what comes after them
     * @param listing what the dump contains
     */
    public record Texts(String preData, String postData, String listing) {
        /**
         * The two sections.
         *
         * @throws IllegalArgumentException when they are not such texts
         */
        public Sections sections() {
            return new Sections(TableOfContents.parse(preData, listing), TableOfContents.parse(postData, listing));
        }
    }

    /**
     * The two sections of a schema.
     *
     * @param preData what comes before the rows
     * @param postData what comes after them
     */
    public record Sections(TableOfContents preData, TableOfContents postData) {}
}
