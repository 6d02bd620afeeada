package io.hyperferry.internal.run;

import static java.util.stream.Collectors.toSet;

import io.hyperferry.Step;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.jdbc.Sessions;
import io.hyperferry.internal.ledger.Ledger;
import io.hyperferry.internal.run.Handlers.Handler;
import io.hyperferry.internal.schema.SchemaDump;
import io.hyperferry.internal.schema.SchemaEntries;
import io.hyperferry.internal.schema.SchemaEntry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
    Handler preData(Step.RestorePreData step) {
        return mark -> {
            List<SchemaEntry> entries = dump(step);
            Connection leading = run.leading();
            Jdbc.transact(leading, () -> {
                Ledger.saveSchema(leading, entries);
                for (SchemaEntry entry : Ledger.openSchemaEntries(leading, SchemaEntry.Section.PRE_DATA)) {
                    restore(leading, entry);
                }
                mark.done();
            });
        };
    }

    /** What comes after the rows is restored entry by entry, each in a transaction: building indexes can take hours. */
    Handler postData() {
        return mark -> {
            Connection leading = run.leading();
            for (SchemaEntry entry : Ledger.openSchemaEntries(leading, SchemaEntry.Section.POST_DATA)) {
                run.cancellation().check();
                Jdbc.transact(leading, () -> restore(leading, entry));
            }
            Jdbc.transact(leading, mark::done);
        };
    }

    private List<SchemaEntry> dump(Step.RestorePreData step) throws SQLException {
        Set<QualifiedName> hypertables = run.plan().steps().stream()
                .flatMap(it ->
                        it instanceof Step.RestorePostData postData ? postData.hypertables().stream() : Stream.empty())
                .collect(toSet());
        try {
            SchemaDump dump = new SchemaDump(run.tools(), run.source().toolAccess(), run.cancellation());
            return SchemaEntries.of(dump.take(run.snapshot()), step, hypertables);
        } catch (IOException | IllegalArgumentException e) {
            throw new StepFailure("the source's schema could not be dumped: " + e.getMessage(), e);
        }
    }

    private static void restore(Connection leading, SchemaEntry entry) throws SQLException {
        try {
            Jdbc.execute(leading, SETTINGS);
            Jdbc.execute(leading, Sessions.UNHURRIED);
            if (!entry.sql().isEmpty()) {
                Jdbc.execute(leading, entry.sql());
            }
            Jdbc.execute(leading, "SET LOCAL search_path = ''");
            Ledger.markSchemaEntry(leading, entry.position());
        } catch (SQLException e) {
            throw new StepFailure(entry.title() + " could not be restored: " + Jdbc.describe(e), e);
        }
    }
}
