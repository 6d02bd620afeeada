package io.hyperferry.copy;

import io.hyperferry.testkit.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What psql makes of a file: the measure of all loading of CSV. */
final class Psql {

    private Psql() {}

    /** What came of it: nothing, or what psql said when it failed. */
    record Outcome(boolean loaded, String said) {}

    /** Runs {@code \copy table from pstdin} with these bytes. */
    static Outcome copy(TestDatabase database, String table, String options, byte[] csv) {
        List<String> command = new ArrayList<>(database.server().quickToolPrefix());
        command.addAll(List.of("psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-h", database.host(), "-p"));
        command.addAll(List.of(String.valueOf(database.port()), "-U", database.user(), "-d", database.name(), "-c"));
        command.add("\\copy " + table + " from pstdin with (format csv" + options + ")");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("PGPASSWORD", database.password()));
        try {
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(csv);
            } catch (IOException e) {
                // It did not want the rest: it says why below.
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor() == 0, said);
        } catch (IOException e) {
            throw new IllegalStateException("psql does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while psql ran", e);
        }
    }
}
