package io.hyperferry;

import io.hyperferry.catalog.CatalogDiff;
import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.awaitility.Awaitility;

/** Migrations between test databases, and what tests ask about both sides. */
final class Migrations {
    private Migrations() {}

    static Migration between(TestDatabase source, TestDatabase target) {
        return Migration.from(source.url()).to(target.url()).parallelism(3).pgTools(tools(target));
    }

    static PgTools tools(TestDatabase database) {
        return tools(database.server().quickToolPrefix());
    }

    /** Tools that end when they are told to. */
    static PgTools endingTools(TestDatabase database) {
        return tools(database.server().toolPrefix());
    }

    private static PgTools tools(List<String> prefix) {
        return prefix.isEmpty() ? PgTools.onPath() : PgTools.command(prefix.toArray(String[]::new));
    }

    /** A hypertable with a chunk a day, and a reading a minute in each. */
    static void fillReadings(TestDatabase database, int days) {
        database.execute(
                "CREATE TABLE readings (time timestamptz NOT NULL, n int, note text)",
                "SELECT create_hypertable('readings', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO readings SELECT t, extract(minute FROM t), repeat('x', 200)"
                        + " FROM generate_series(TIMESTAMPTZ '2026-01-01', TIMESTAMPTZ '2026-01-01' + INTERVAL '" + days
                        + " days' - INTERVAL '1 minute', '1 minute') t");
    }

    /** What of both catalogs differs; owners are not kept unless asked for, and the Apache edition cuts its own chunks. */
    static List<Difference> differencesButOwners(TestDatabase source, TestDatabase target) throws SQLException {
        try (Connection ours = source.connect();
                Connection theirs = target.connect()) {
            DatabaseCatalog before = CatalogReader.create().read(ours);
            DatabaseCatalog after =
                    CatalogReader.create().ignoringSchema("hyperferry").read(theirs);
            return CatalogDiff.between(before, after).stream()
                    .filter(it -> it.kind() != Kind.OWNER)
                    .filter(it -> it.kind() != Kind.CHUNK || target.server().community())
                    .toList();
        }
    }

    /** Sessions of a run; the test's own are named otherwise. */
    static long sessions(TestDatabase database) {
        return database.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'hyperferry'");
    }

    /** Waits until the servers have noticed that connections were closed. */
    static void awaitNoSession(TestDatabase... databases) {
        for (TestDatabase database : databases) {
            Awaitility.await().until(() -> sessions(database) == 0);
        }
    }

    /** Nothing of a run, and nothing of the source, is in the target. */
    static boolean isUntouched(TestDatabase database) {
        return database.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'hyperferry'") == 0
                && database.count("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S', 'v', 'm')"
                                + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')")
                        == 0;
    }
}
