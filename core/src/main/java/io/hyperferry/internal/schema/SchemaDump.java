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
    private static final List<String> TOOLS = List.of("pg_dump", "pg_restore");

    private final ToolProcess tools;
    private final PgTools where;
    private final ToolAccess source;

    public SchemaDump(PgTools tools, ToolAccess source, Cancellation cancellation) {
        this.tools = new ToolProcess(tools, source.password(), cancellation);
        this.where = tools;
        this.source = source;
    }

    /** Whether the tools can be started and are not older than the server. */
    public List<Problem> problems(Version server) {
        List<Problem> problems = new ArrayList<>();
        for (String tool : TOOLS) {
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
                                + " or newer, or say where they are (PgTools.in, --pg-tools)."));
            }
        }
        return problems;
    }

    /** The command without what stands between its first word and the tool, which may hold a password. */
    private String commandName(String tool) {
        List<String> command = where.commandFor(tool);
        return command.size() == 1 ? command.get(0) : command.get(0) + " … " + tool;
    }

    /**
     * Takes the schema.
     *
     * @param snapshot an exported snapshot to read under, or null
     * @throws IOException when a tool fails
     */
    public Sections take(@Nullable String snapshot) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--format=custom",
                "--section=pre-data",
                "--section=post-data",
                "--exclude-schema=_timescaledb*",
                "--exclude-schema=hyperferry",
                "--no-subscriptions",
                "--encoding=UTF8",
                "--dbname=" + source.conninfo()));
        if (snapshot != null) {
            arguments.add("--snapshot=" + snapshot);
        }
        byte[] archive = tools.run("pg_dump", arguments, new byte[0]);
        String listing = restore(archive, List.of("--list"));
        return new Sections(section(archive, "pre-data", listing), section(archive, "post-data", listing));
    }

    private TableOfContents section(byte[] archive, String section, String listing) throws IOException {
        String script = restore(archive, List.of("--section=" + section, "--verbose", "--file=-"));
        return TableOfContents.parse(script, listing);
    }

    private String restore(byte[] archive, List<String> arguments) throws IOException {
        return new String(tools.run("pg_restore", arguments, archive), StandardCharsets.UTF_8);
    }

    /**
     * The two sections of a schema.
     *
     * @param preData what comes before the rows
     * @param postData what comes after them
     */
    public record Sections(TableOfContents preData, TableOfContents postData) {}
}
