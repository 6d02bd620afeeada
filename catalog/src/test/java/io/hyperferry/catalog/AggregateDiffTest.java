package io.hyperferry.catalog;

import static io.hyperferry.catalog.DiffCatalogs.RANGE;
import static io.hyperferry.catalog.DiffCatalogs.SERVER;
import static io.hyperferry.catalog.DiffCatalogs.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperferry.catalog.CatalogDiff.Difference;
import io.hyperferry.catalog.CatalogDiff.Kind;
import io.hyperferry.catalog.ContinuousAggregate.Invalidation;
import io.hyperferry.catalog.ContinuousAggregate.State;
import io.hyperferry.catalog.Dimension.TimeDimension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of continuous aggregates is compared. */
class AggregateDiffTest {
    private static final QualifiedName DAILY = QualifiedName.of("public", "daily");
    private static final String OBJECT = "continuous aggregate public.daily";
    private static final long DAY = 86_400_000_000L;
    private static final List<Column> COLUMNS =
            List.of(Column.of("at", "timestamp with time zone"), Column.of("s", "bigint"));
    private static final State STATE = new State(
            DAY, 2 * DAY, List.of(new Invalidation(DAY, Long.MAX_VALUE)), List.of(new Invalidation(0, 3 * DAY - 1)));
    private static final ContinuousAggregate AGGREGATE = new ContinuousAggregate(
            DAILY,
            QualifiedName.of("public", "raw"),
            "alice",
            "SELECT raw.at, sum(raw.v) AS s FROM public.raw",
            true,
            true,
            storage("timestamp with time zone", 1, 10 * DAY, chunk("c", 1, RANGE, 0)),
            COLUMNS,
            List.of(index("by_s", "CREATE INDEX by_s ON public.daily"), index("x", "CREATE INDEX ON public.daily")),
            DAY,
            false,
            STATE);

    @Test
    void the_same_aggregate_on_another_server_is_equal() {
        ContinuousAggregate other = with(
                AGGREGATE
                        .withStorage(storage("timestamp with time zone", 7, 10 * DAY, chunk("other", 9, RANGE, 8)))
                        .withState(new State(DAY, 5 * DAY, STATE.invalid(), List.of())),
                AGGREGATE.definition(),
                List.of(
                        index("y", "CREATE INDEX ON public.daily"),
                        index("by_s", "CREATE INDEX by_s ON public.daily")));

        assertThat(between(AGGREGATE, other))
                .as("names of the storage, the threshold, what is covered, and in which order indexes are")
                .isEmpty();
    }

    @Test
    void what_it_computes_is_compared() {
        ContinuousAggregate other = new ContinuousAggregate(
                DAILY,
                QualifiedName.of("public", "rows"),
                "alice",
                "SELECT 1",
                false,
                false,
                AGGREGATE.storage(),
                List.of(COLUMNS.get(1), COLUMNS.get(0)),
                AGGREGATE.indexes(),
                2 * DAY,
                true,
                STATE);

        assertThat(between(AGGREGATE, other))
                .allMatch(it ->
                        it.kind() == Kind.CONTINUOUS_AGGREGATE && it.object().equals(OBJECT))
                .allMatch(it -> it.name().equals("public.daily"))
                .extracting(Difference::aspect, Difference::source, Difference::target)
                .containsExactly(
                        tuple("bucket width", "86400000000", "172800000000"),
                        tuple(
                                "columns",
                                "at timestamp with time zone, s bigint",
                                "s bigint, at timestamp with time zone"),
                        tuple("definition", AGGREGATE.definition(), "SELECT 1"),
                        tuple("finalized", "yes", "no"),
                        tuple("materialized only", "yes", "no"),
                        tuple("source", "public.raw", "public.rows"));
    }

    @Test
    void a_definition_that_only_another_postgresql_writes_otherwise_is_equal() {
        ServerInfo old = SERVER.withPostgres(new Version(15, 8, 0)).withTimescale(null);
        DatabaseCatalog source =
                DatabaseCatalog.builder(old).aggregates(List.of(AGGREGATE)).build();
        ContinuousAggregate unqualified =
                with(AGGREGATE, "SELECT at, sum(v) AS s FROM public.raw", AGGREGATE.indexes());

        assertThat(CatalogDiff.between(source, catalog(unqualified))).isEmpty();
        assertThat(between(AGGREGATE, unqualified))
                .as("of the same PostgreSQL")
                .extracting(Difference::aspect)
                .containsExactly("definition");
    }

    @Test
    void an_index_more_or_one_of_two_alike_is_found() {
        List<Index> indexes = List.of(
                index("a", "CREATE INDEX ON public.daily"),
                index("b", "CREATE INDEX ON public.daily"),
                index("by_s", "CREATE INDEX by_s ON public.daily"));

        assertThat(between(AGGREGATE, with(AGGREGATE, AGGREGATE.definition(), indexes)))
                .extracting(Difference::aspect, Difference::source, Difference::target)
                .containsExactly(
                        tuple(
                                "indexes",
                                "CREATE INDEX ON public.daily; CREATE INDEX by_s ON public.daily",
                                "CREATE INDEX ON public.daily; CREATE INDEX ON public.daily; CREATE INDEX by_s ON public.daily"));
        assertThat(between(AGGREGATE, with(AGGREGATE, AGGREGATE.definition(), List.of())))
                .extracting(Difference::target)
                .containsExactly("(none)");
    }

    @Test
    void the_storage_is_compared_under_the_name_of_the_aggregate() {
        DimensionRange later = new DimensionRange("at", 1_000, 2_000);
        Hypertable other = new Hypertable(
                QualifiedName.of("_timescaledb_internal", "_materialized_hypertable_7"),
                List.of(TimeDimension.of("at", "timestamp with time zone", DAY)),
                List.of(chunk("c", 1, RANGE, 1), chunk("d", 2, later, 0)),
                Hypertable.DEFAULT_ASSOCIATED_SCHEMA,
                null,
                List.of("fast"),
                List.of(),
                ColumnstoreSettings.AUTOMATIC,
                null,
                false);

        assertThat(between(AGGREGATE, AGGREGATE.withStorage(other)))
                .extracting(Difference::kind, Difference::object, Difference::aspect, Difference::name)
                .containsExactly(
                        tuple(Kind.CHUNK, "chunk of public.daily at [1000, 2000)", "", "public.daily at [1000, 2000)"),
                        tuple(
                                Kind.COLUMNSTORE,
                                "chunk of public.daily at [0, 1000)",
                                "compressed",
                                "public.daily at [0, 1000)"),
                        tuple(Kind.COLUMNSTORE, "columnstore of public.daily", "", "public.daily"),
                        tuple(Kind.CONTINUOUS_AGGREGATE, OBJECT, "chunk interval", "public.daily"),
                        tuple(Kind.CONTINUOUS_AGGREGATE, OBJECT, "tablespaces", "public.daily"));
    }

    @Test
    void the_watermark_and_what_is_out_of_date_are_shown_as_times() {
        State other = new State(
                3 * DAY,
                2 * DAY,
                List.of(
                        new Invalidation(Long.MIN_VALUE, -1),
                        new Invalidation(DAY, 2 * DAY - 1),
                        new Invalidation(3 * DAY, Long.MAX_VALUE)),
                List.of());

        assertThat(between(AGGREGATE, AGGREGATE.withState(other)))
                .extracting(Difference::aspect, Difference::source, Difference::target)
                .containsExactly(
                        tuple(
                                "pending invalidations",
                                "[1970-01-02T00:00:00Z, infinity)",
                                "(-infinity, 1970-01-01T00:00:00Z), [1970-01-02T00:00:00Z, 1970-01-03T00:00:00Z),"
                                        + " [1970-01-04T00:00:00Z, infinity)"),
                        tuple("watermark", "1970-01-02T00:00:00Z", "1970-01-04T00:00:00Z"));
        assertThat(watermarks("date")).containsExactly("1970-01-02", "(none)");
        assertThat(watermarks("timestamp without time zone")).containsExactly("1970-01-02T00:00", "(none)");
        assertThat(watermarks("bigint")).containsExactly("86400000000", "(none)");
    }

    @Test
    void nothing_out_of_date_is_told_from_everything() {
        assertThat(between(
                        AGGREGATE.withState(State.NEW),
                        AGGREGATE.withState(new State(null, null, List.of(), List.of()))))
                .extracting(Difference::source, Difference::target)
                .containsExactly(tuple("(-infinity, infinity)", "(none)"));
    }

    @Test
    void an_aggregate_that_is_missing_or_no_aggregate_is_one_difference() {
        assertThat(CatalogDiff.between(whole(View.Kind.CONTINUOUS_AGGREGATE), DatabaseCatalog.empty(SERVER)))
                .containsExactly(
                        new Difference(Kind.VIEW, "view public.daily", "", "CONTINUOUS_AGGREGATE", "(missing)"));
        assertThat(CatalogDiff.between(DatabaseCatalog.empty(SERVER), whole(View.Kind.CONTINUOUS_AGGREGATE)))
                .hasSize(1);
        assertThat(CatalogDiff.between(whole(View.Kind.CONTINUOUS_AGGREGATE), whole(View.Kind.VIEW)))
                .extracting(Difference::target)
                .containsExactly("VIEW");
    }

    private static DatabaseCatalog whole(View.Kind kind) {
        boolean aggregate = kind == View.Kind.CONTINUOUS_AGGREGATE;
        return DatabaseCatalog.builder(SERVER)
                .views(List.of(new View(DAILY, 1, kind, List.of())))
                .aggregates(aggregate ? List.of(AGGREGATE) : List.of())
                .objects(List.of(new DatabaseObject(
                        aggregate ? "continuous aggregate" : "view", "public.daily", DAILY, "alice", Map.of())))
                .build();
    }

    private static List<String> watermarks(String type) {
        ContinuousAggregate aggregate = AGGREGATE.withStorage(storage(type, 1, 10));
        State unknown = new State(null, null, STATE.invalid(), List.of());
        return between(aggregate, aggregate.withState(unknown)).stream()
                .flatMap(it -> List.of(it.source(), it.target()).stream())
                .toList();
    }

    private static List<Difference> between(ContinuousAggregate source, ContinuousAggregate target) {
        return CatalogDiff.between(catalog(source), catalog(target));
    }

    private static DatabaseCatalog catalog(ContinuousAggregate aggregate) {
        return DatabaseCatalog.builder(SERVER).aggregates(List.of(aggregate)).build();
    }

    private static ContinuousAggregate with(ContinuousAggregate aggregate, String definition, List<Index> indexes) {
        return new ContinuousAggregate(
                aggregate.name(),
                aggregate.source(),
                aggregate.owner(),
                definition,
                aggregate.materializedOnly(),
                aggregate.finalized(),
                aggregate.storage(),
                aggregate.columns(),
                indexes,
                aggregate.bucketWidth(),
                aggregate.experimental(),
                aggregate.state());
    }

    private static Index index(String name, String definition) {
        return new Index(DAILY, name, definition);
    }

    private static Hypertable storage(String type, int id, long interval, Chunk... chunks) {
        return Hypertable.of(
                QualifiedName.of("_timescaledb_internal", "_materialized_hypertable_" + id),
                List.of(TimeDimension.of("at", type, interval)),
                List.of(chunks));
    }
}
