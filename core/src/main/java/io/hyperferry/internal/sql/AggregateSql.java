package io.hyperferry.internal.sql;

import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;
import static io.hyperferry.internal.sql.Identifiers.regclass;

import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.Dimension.TimeDimension;
import io.hyperferry.catalog.Index;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes continuous aggregates as they are on the source, and tells TimescaleDB up to where their rows are good.
 *
 * @see <a href="https://docs.tigerdata.com/api/latest/continuous-aggregates/create_materialized_view/">CREATE MATERIALIZED VIEW
 *     (continuous aggregate)</a>
 */
public final class AggregateSql {
    private static final String LOG = "_timescaledb_catalog.continuous_aggs_materialization_invalidation_log";

    private static final String CHANGES = "_timescaledb_catalog.continuous_aggs_hypertable_invalidation_log";

    /** The tables without a key to which the statements of this class write. */
    public static final Set<String> LOGS = Set.of(LOG, CHANGES);

    /** What follows a window function; the same word in a literal or a name does no harm. */
    private static final Pattern WINDOW = Pattern.compile("\\bOVER\\b");

    private AggregateSql() {}

    /** A column of TimescaleDB's row about an aggregate, as an expression. */
    static String catalog(String column, QualifiedName aggregate) {
        return "(SELECT a." + column + " FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = "
                + literal(aggregate.schema()) + " AND a.user_view_name = " + literal(aggregate.name()) + ")";
    }

    /**
     * The statements that make an aggregate without rows and without indexes.
     *
     * @param owner the role that is to own it, or null for the one that makes it
     */
    public static List<String> create(ContinuousAggregate aggregate, @Nullable String owner, Timescale target) {
        List<String> sql = new ArrayList<>();
        if (target.has(TimescaleFeature.AGGREGATE_WINDOW_FUNCTIONS)
                && WINDOW.matcher(aggregate.definition()).find()) {
            sql.add("SET LOCAL timescaledb.enable_cagg_window_functions = on");
        }
        sql.add("CREATE MATERIALIZED VIEW " + quote(aggregate.name())
                + " WITH (timescaledb.continuous, timescaledb.materialized_only = " + aggregate.materializedOnly()
                + ", timescaledb.create_group_indexes = false) AS\n" + aggregate.definition() + "\nWITH NO DATA");
        sql.add("SELECT " + quote(target.schema()) + ".set_chunk_time_interval("
                + Root.storage(aggregate.name()).regclass() + ", "
                + aggregate.storage().time().interval() + "::bigint)");
        // TimescaleDB makes an index on time in any case. All indexes come after the rows, under their own names.
        sql.add("DO "
                + literal("DECLARE i regclass; BEGIN FOR i IN SELECT x.indexrelid FROM pg_index x WHERE x.indrelid = "
                        + Root.storage(aggregate.name()).regclass()
                        + " LOOP EXECUTE format('DROP INDEX %s', i); END LOOP; END"));
        if (owner != null) {
            sql.add("ALTER MATERIALIZED VIEW " + quote(aggregate.name()) + " OWNER TO " + quote(owner));
        }
        return sql;
    }

    /**
     * The statements that make an aggregate as the role that is to own it: whoever is no superuser cannot give one to another role, because
     * its storage lies in a schema of TimescaleDB's. To be executed in one transaction.
     *
     * @param owner the role that makes it, of which the one that migrates is a member
     * @param user the role that migrates
     */
    public static List<String> createAs(ContinuousAggregate aggregate, String owner, String user, Timescale target) {
        List<String> sql = new ArrayList<>();
        sql.add("SET LOCAL ROLE " + quote(owner));
        sql.addAll(create(aggregate, null, target));
        sql.add("SET LOCAL ROLE " + quote(user));
        return sql;
    }

    /** The statements that make its indexes. */
    public static List<String> indexes(ContinuousAggregate aggregate) {
        return aggregate.indexes().stream().map(Index::definition).toList();
    }

    /**
     * The statements that set its state: what is materialized, and what of that is out of date. For superusers, since they write to
     * TimescaleDB's catalog.
     */
    public static List<String> state(ContinuousAggregate aggregate) {
        List<String> sql = new ArrayList<>();
        @Nullable Long threshold = aggregate.state().threshold();
        if (threshold != null) {
            sql.add("UPDATE _timescaledb_catalog.continuous_aggs_invalidation_threshold SET watermark = "
                    + number(threshold) + " WHERE hypertable_id = " + catalog("raw_hypertable_id", aggregate.name()));
        }
        @Nullable Long watermark = aggregate.state().watermark();
        if (watermark != null) {
            sql.add("UPDATE _timescaledb_catalog.continuous_aggs_watermark SET watermark = " + number(watermark)
                    + " WHERE mat_hypertable_id = " + catalog("mat_hypertable_id", aggregate.name()));
        }
        sql.add("DELETE FROM " + LOG + " WHERE materialization_id = " + catalog("mat_hypertable_id", aggregate.name()));
        aggregate.state().invalid().forEach(it -> sql.add(invalidate(aggregate.name(), it)));
        return sql;
    }

    /** The statement by which the next refresh looks at a range again. For superusers. */
    public static String invalidate(QualifiedName aggregate, Invalidation range) {
        return "INSERT INTO " + LOG + " VALUES (" + catalog("mat_hypertable_id", aggregate) + ", "
                + number(range.lowest()) + ", " + number(range.greatest()) + ")";
    }

    /** The statement by which changes below an aggregate are forgotten that no refresh has looked at yet. For superusers. */
    public static String forgetChanges(QualifiedName aggregate) {
        return "DELETE FROM " + CHANGES + " WHERE hypertable_id = " + catalog("raw_hypertable_id", aggregate);
    }

    private static String number(long value) {
        return "'" + value + "'::bigint";
    }

    /** Refreshes a range of time that ends where another begins; {@code Long.MIN_VALUE} for one without beginning. */
    public static String refresh(ContinuousAggregate aggregate, long from, long to, Timescale target) {
        TimeDimension time = aggregate.storage().time();
        return "CALL " + quote(target.schema()) + ".refresh_continuous_aggregate(" + regclass(aggregate.name()) + ", "
                + (from == Long.MIN_VALUE ? "NULL" : moment(time, from)) + ", " + moment(time, to) + ")";
    }

    private static String moment(TimeDimension time, long value) {
        String literal = TimeType.of(time).literal(value);
        return TimeType.of(time) == TimeType.INTEGER ? "(" + literal + ")::" + time.columnType() : literal;
    }

    /** Saves the rows of an aggregate in a table of the ledger; does nothing where they are saved. */
    public static String saveRows(QualifiedName aggregate, String table) {
        return Root.storage(aggregate).execute("CREATE TABLE IF NOT EXISTS " + table + " AS TABLE %1$s");
    }

    /** Puts saved rows in the place of those that an aggregate has, and drops what they were saved in. */
    public static List<String> bringRowsBack(QualifiedName aggregate, String table) {
        Root storage = Root.storage(aggregate);
        return List.of(
                storage.execute("DELETE FROM %1$s"),
                storage.execute("INSERT INTO %1$s SELECT * FROM " + table),
                "DROP TABLE " + table);
    }

    /**
     * Moves the watermark to the end of the newest bucket, which is what TimescaleDB does whenever chunks of an aggregate are dropped. There
     * is none before the first one.
     */
    public static String moveWatermark(ContinuousAggregate aggregate, long firstChunk, Timescale target) {
        return "SELECT " + quote(target.schema()) + ".drop_chunks(" + regclass(aggregate.name()) + ", older_than => "
                + moment(aggregate.storage().time(), firstChunk) + ")";
    }
}
