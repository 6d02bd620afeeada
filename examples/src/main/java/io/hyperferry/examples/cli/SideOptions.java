package io.hyperferry.examples.cli;

import io.hyperferry.Database;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a side of the migration from an option or a variable. */
final class SideOptions {
    private SideOptions() {}

    /**
     * The database of a side. A password that its URL lacks is taken from {@code PGPASSWORD}, if that is set.
     *
     * @throws UsageException when no URL is given, or what is given is none; the message does not repeat it
     */
    static Database database(String side, @Nullable String given, Console console) {
        String option = "--" + side;
        String variable = variable(side);
        String url = Optional.ofNullable(given)
                .filter(it -> !it.isBlank())
                .or(() -> console.variable(variable))
                .orElseThrow(() -> new UsageException(
                        "no " + side + " is given: use " + option + " URL, or set the variable " + variable));
        try {
            Database database = Database.of(url.strip());
            return console.variable("PGPASSWORD").map(database::withPassword).orElse(database);
        } catch (IllegalArgumentException e) {
            throw new UsageException((given == null ? variable : option) + " is not a PostgreSQL URL: write"
                    + " postgres://user:password@host:port/database or jdbc:postgresql://host:port/database?user=…"
                    + " (special characters in user and password as %XX)");
        }
    }

    /** The variable that names a side. */
    static String variable(String side) {
        return side.equals("source") ? "HYPERFERRY_SOURCE" : "HYPERFERRY_TARGET";
    }
}
