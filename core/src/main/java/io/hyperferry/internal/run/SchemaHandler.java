package io.hyperferry.internal.run;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.Step;
import io.hyperferry.internal.jdbc.Cancellation;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.schema.SchemaEntry;
import io.hyperferry.internal.schema.SchemaEntry.Section;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Restores the schema. It is dumped once, when the run begins, and kept in the ledger: what comes after the rows, perhaps days later, is the
 * schema of the same moment.
 */
final class SchemaHandler {
    /** The settings that pg_dump's scripts begin with, as far as they matter for what follows. */
    private static final String SETTINGS = """
            SET LOCAL search_path = '';
            SET LOCAL check_function_bodies = off;
            SET LOCAL standard_conforming_strings = on;
            SET LOCAL xmloption = content;
            SET LOCAL client_min_messages = warning;
            SET LOCAL row_security = off""";

    private final RunContext run;

    SchemaHandler(RunContext run) {
        this.run = run;
    }

    /** Everything before the rows goes into one transaction: all of it is there afterwards, or nothing. */
    Handler preData() {
        return inOneTransaction(Section.PRE_DATA);
    }

    /** What needs continuous aggregates, in one transaction, too. */
    Handler dependents() {
        return inOneTransaction(Section.DEPENDENTS);
    }

    private Handler inOneTransaction(Section section) {
        return mark -> {
            Connection leading = run.leading();
            Jdbc.transact(leading, () -> {
                for (SchemaEntry entry : Ledger.openSchemaEntries(leading, section)) {
                    restore(leading, entry);
                }
                mark.done();
            });
        };
    }

    /** Indexes of tables without rows. */
    Handler early() {
        return sideBySide(Section.EARLY, List.of());
    }

    /** What comes after the rows. */
    Handler postData(Step.RestorePostData step) {
        return sideBySide(Section.POST_DATA, step.validations());
    }

    /**
     * Entry by entry, each in a transaction: building indexes can take hours.
     *
     * @param after statements that follow
     */
    private Handler sideBySide(Section section, List<String> after) {
        return mark -> {
            List<SchemaEntry> open = Ledger.openSchemaEntries(run.leading(), section);
            BuildQueue queue = new BuildQueue(open);
            int sessions = Math.max(1, Math.min(run.pace().parallelism(), open.size()));
            run.sessions("build").run(open.size(), (connection, stop) -> build(queue, sessions, connection, stop));
            for (String sql : after) {
                run.cancellation().check();
                Jdbc.execute(run.leading(), sql);
            }
            Jdbc.transact(run.leading(), mark::done);
        };
    }

    private static void build(BuildQueue queue, int sessions, Connection connection, Cancellation stop)
            throws SQLException {
        try (Registration registration = stop.onCancel(queue::close)) {
            for (Optional<SchemaEntry> next = queue.take(); next.isPresent(); next = queue.take()) {
                SchemaEntry entry = next.get();
                Jdbc.transact(connection, () -> {
                    BuildMemory.raise(connection, sessions);
                    restore(connection, entry);
                });
                queue.done(entry);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationCancelledException();
        }
    }

    /** What comes last is restored one by one, in the order of the dump. */
    Handler last() {
        return mark -> {
            Connection leading = run.leading();
            for (SchemaEntry entry : Ledger.openSchemaEntries(leading, Section.LAST)) {
                run.cancellation().check();
                Jdbc.transact(leading, () -> restore(leading, entry));
            }
            Jdbc.transact(leading, mark::done);
        };
    }

    /** Executes the statements of an entry in the connection's transaction. */
    static void execute(Connection target, SchemaEntry entry) throws SQLException {
        Jdbc.execute(target, SETTINGS);
        if (!entry.sql().isEmpty()) {
            Jdbc.execute(target, entry.sql());
        }
        Jdbc.execute(target, "SET LOCAL search_path = ''");
    }

    private static void restore(Connection leading, SchemaEntry entry) throws SQLException {
        try {
            execute(leading, entry);
            Ledger.markSchemaEntry(leading, entry.position());
        } catch (SQLException e) {
            throw new StepFailure(entry.title() + " could not be restored: " + Jdbc.describe(e), e);
        }
    }
}
