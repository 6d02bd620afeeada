package io.hyperferry.internal.run;

import io.hyperferry.MigrationException;
import io.hyperferry.PreflightException;
import io.hyperferry.TableData;
import io.hyperferry.catalog.Chunk;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.copy.CopyCancelledException;
import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CopyEvent;
import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopyRun;
import io.hyperferry.copy.CopySink;
import io.hyperferry.copy.CopySource;
import io.hyperferry.internal.jdbc.Cancellation.Registration;
import io.hyperferry.internal.slice.SliceLocator;
import io.hyperferry.internal.sql.DatabaseSql;
import io.hyperferry.internal.sql.RepairSql;
import io.hyperferry.internal.verify.DigestRange;
import io.hyperferry.internal.verify.Verifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Replaces ranges of the target's rows by the source's, several at a time. */
final class Replacement {
    private final String verb;
    private final VerbContext context;
    private final SliceLocator locator;
    private final ChunkCompression compression = new ChunkCompression();

    /**
     * Replaces.
     *
     * @param verb what it is done for, human-readable
     * @param locator tells where slices are on the source
     */
    Replacement(String verb, VerbContext context, SliceLocator locator) {
        this.verb = verb;
        this.context = context;
        this.locator = locator;
    }

    /**
     * What each of the target's transactions begins with.
     *
     * @param tables the tables of which rows are replaced
     * @throws PreflightException when a trigger or a rule of the target would fire, or a publication keeps rows from being removed
     */
    List<String> settings(Connection to, DatabaseCatalog targetCatalog, Collection<TableData> tables)
            throws SQLException {
        List<String> settings = new ArrayList<>(DatabaseSql.searchPath(targetCatalog.settings()));
        boolean quiet = Obstacles.mayBeQuiet(to, targetCatalog);
        if (quiet) {
            settings.add(RepairSql.QUIET);
        }
        if (!tables.isEmpty()) {
            Obstacles.read(verb, to, targetCatalog, quiet).require(tables, targetCatalog);
        }
        return settings;
    }

    /**
     * Ranges of a table, as transactions of the target: those that share a compressed or frozen chunk there go together.
     *
     * @param table the table, with the slices that are there to be copied
     * @param settings what each transaction begins with
     */
    List<RepairClaim.Job> jobs(
            TableData table,
            List<DigestRange> ranges,
            DatabaseCatalog sourceCatalog,
            DatabaseCatalog targetCatalog,
            List<String> settings) {
        List<Chunk> chunks =
                hypertable(targetCatalog, table).map(Hypertable::chunks).orElse(List.of());
        List<List<DigestRange>> together = new ArrayList<>();
        for (DigestRange range : ranges.stream()
                .sorted(Comparator.comparingLong(DigestRange::from))
                .toList()) {
            List<DigestRange> last = together.isEmpty() ? List.of() : together.get(together.size() - 1);
            if (chunks.stream()
                    .filter(it -> it.isCompressed() || it.isFrozen())
                    .anyMatch(it -> range.touches(it) && last.stream().anyMatch(other -> other.touches(it)))) {
                last.add(range);
            } else {
                together.add(new ArrayList<>(List.of(range)));
            }
        }
        return together.stream()
                .map(it -> new RepairClaim.Job(
                        verb,
                        table,
                        Verifier.relation(table, sourceCatalog),
                        Verifier.relation(table, targetCatalog),
                        List.copyOf(it),
                        chunks.stream()
                                .filter(chunk -> it.stream().anyMatch(range -> range.touches(chunk)))
                                .toList(),
                        targetCatalog.server().timescale(),
                        settings,
                        locator,
                        compression))
                .toList();
    }

    /** Compresses the target's chunks whose rows are replaced. */
    ChunkCompression compression() {
        return compression;
    }

    /** What holds the rows of a table, if that is a hypertable. */
    static Optional<Hypertable> hypertable(DatabaseCatalog catalog, TableData table) {
        return table.aggregate()
                ? catalog.aggregate(table.table()).map(ContinuousAggregate::storage)
                : catalog.hypertable(table.table());
    }

    /**
     * Does the work of all these claims.
     *
     * @throws MigrationException when one fails; what was committed stays
     */
    void run(List<Supplier<CopyClaim>> claims) {
        if (claims.isEmpty()) {
            return;
        }
        RetryLog retryLog = context.retryLog();
        CopyEngine engine = CopyEngine.from(CopySource.database(context.source().dataSource()))
                .to(CopySink.database(context.target().dataSource()))
                .threadNamePrefix("hyperferry-" + verb)
                .listener(event -> onEvent(event, retryLog));
        retryLog.copying();
        CopyRun copying = context.pace().start(engine, new Claims(claims));
        try (Registration registration = context.cancellation().onCancel(copying::cancel)) {
            copying.await();
        } catch (CopyCancelledException e) {
            context.cancellation().cancel();
            context.cancellation().check();
        } catch (CopyException e) {
            String what = "the " + verb + " failed: " + e.getMessage();
            throw new MigrationException(
                    MigrationException.Code.STEP_FAILED,
                    what + ". What it was about is as before, what was committed stays so. "
                            + Remedies.of("that server", e),
                    new StepFailure(
                            what,
                            e,
                            retryLog.triedEnough(e, context.pace().retries().most())));
        }
    }

    private void onEvent(CopyEvent event, RetryLog retryLog) {
        if (event instanceof CopyEvent.Retrying retrying) {
            context.events().send(retryLog.add(retrying));
        } else if (event instanceof CopyEvent.Finished) {
            retryLog.gotOn();
        }
    }

    /** Hands claims out until they are done: rows that were replaced can be replaced again. */
    private static final class Claims implements CopyQueue {
        private final Queue<Supplier<CopyClaim>> open;
        private final Map<CopyClaim, Supplier<CopyClaim>> out = new HashMap<>();

        Claims(List<Supplier<CopyClaim>> claims) {
            this.open = new ConcurrentLinkedQueue<>(claims);
        }

        @Override
        public synchronized Optional<CopyClaim> claim(Connection connection) {
            Optional<Supplier<CopyClaim>> next = Optional.ofNullable(open.poll());
            Optional<CopyClaim> claim = next.map(Supplier::get);
            claim.ifPresent(it -> out.put(it, next.get()));
            return claim;
        }

        @Override
        public synchronized boolean takeBack(CopyClaim claim, boolean mayBeCommitted) {
            return Optional.ofNullable(out.remove(claim)).map(open::add).orElse(false);
        }
    }
}
