package io.hyperferry.internal.plan;

import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.CatalogDamage;
import io.hyperferry.catalog.QualifiedName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells of contradictions in the source's catalog before anything is read of the objects that they are about. */
public final class Damages {
    private Damages() {}

    /** What keeps a migration from being right, and what it can leave behind; nothing of excluded relations. */
    public static List<Problem> problems(List<CatalogDamage> damages, PlanOptions options) {
        return damages.stream()
                .filter(damage -> damage.relation() == null || !Scope.excludes(options, damage.relation()))
                .map(Damages::problem)
                .toList();
    }

    private static Problem problem(CatalogDamage damage) {
        @Nullable QualifiedName relation = damage.relation();
        String of = relation == null ? "" : " of " + relation;
        String object = damage.object() + of;
        return switch (damage.kind()) {
            case CHUNK_WITHOUT_RELATION ->
                warning(
                        object,
                        "the catalog has the chunk, and its relation does not exist, so its rows are lost on the source.",
                        "Restore the chunk from a backup before the migration if its rows are needed; all other chunks are migrated.");
            case RELATION_WITHOUT_CHUNK ->
                blocking(
                        object,
                        "it inherits from the hypertable, and the catalog has no such chunk; queries show its rows, and no chunk holds them to copy"
                                + " them from.",
                        "Copy its rows into the hypertable and detach it (ALTER TABLE … NO INHERIT " + relation
                                + "), or leave the" + " hypertable behind: " + exclude(relation) + ".");
            case COMPRESSED_WITHOUT_RELATION ->
                blocking(
                        object,
                        "the chunk is marked as compressed, and it has no compressed relation; the source's server can crash when the chunk is read.",
                        "Restore the chunk from a backup, or, if its rows are all in the chunk itself, have a superuser take the mark away (UPDATE"
                                + " _timescaledb_catalog.chunk SET status = status & ~11 WHERE …), or leave the hypertable behind: "
                                + exclude(relation) + ".");
            case RELATION_WITHOUT_COMPRESSED ->
                blocking(
                        object,
                        "the chunk has a compressed relation, and it is not marked as compressed, so no query shows its compressed rows.",
                        "Have a superuser mark it (UPDATE _timescaledb_catalog.chunk SET status = status | 1 WHERE …) if these rows are to be"
                                + " migrated, or leave the hypertable behind: " + exclude(relation) + ".");
            case CHUNK_WITHOUT_RANGE ->
                blocking(
                        object,
                        "the catalog has no range of the chunk in a dimension of its hypertable, so nothing says which rows belong to it.",
                        "Restore _timescaledb_catalog.dimension_slice and chunk_constraint from a backup, or leave the hypertable behind: "
                                + exclude(relation) + ".");
            case OVERLAPPING_CHUNKS ->
                blocking(
                        object,
                        "the range of the chunk overlaps that of another chunk, which no target accepts.",
                        "Copy the rows of one of the chunks into a new hypertable and drop the chunk, or leave the hypertable behind: "
                                + exclude(relation) + ".");
            case SETTINGS_WITHOUT_RELATION ->
                warning(
                        object,
                        "the catalog has settings of the columnstore for a relation that does not exist; they have no effect and are not migrated.",
                        "Nothing needs to be done. A superuser can remove them: DELETE FROM _timescaledb_catalog.compression_settings s WHERE NOT"
                                + " EXISTS (SELECT FROM pg_class c WHERE c.oid = s.relid);");
            case HYPERTABLE_WITHOUT_RELATION ->
                warning(
                        object,
                        "the catalog has the hypertable, and its table does not exist, so there is nothing of it to migrate.",
                        "Restore the table from a backup if it is needed. Everything else is migrated.");
            case HYPERTABLE_WITHOUT_DIMENSION ->
                blocking(
                        object,
                        "the catalog has no dimension of time of the hypertable, or one for a column that does not exist, so it cannot be made again.",
                        "Restore _timescaledb_catalog.dimension from a backup, or leave the hypertable behind: "
                                + exclude(relation) + ".");
            case AGGREGATE_WITHOUT_VIEW ->
                warning(
                        damage.object(),
                        "the catalog has the continuous aggregate, and its view does not exist, so it cannot be migrated.",
                        "Create the aggregate again if it is needed. Everything else is migrated.");
            case AGGREGATE_WITHOUT_DEFINITION ->
                blocking(
                        damage.object(),
                        "the view that holds its definition does not exist, so it cannot be made again.",
                        "Create the aggregate again on the source, or leave it behind: " + exclude(relation) + ".");
            case AGGREGATE_WITHOUT_STORAGE ->
                blocking(
                        damage.object(),
                        "the hypertable that holds its rows does not exist.",
                        "Create the aggregate again on the source, or leave it behind: " + exclude(relation) + ".");
            case AGGREGATE_WITHOUT_SOURCE ->
                blocking(
                        damage.object(),
                        "the hypertable that it reads does not exist.",
                        "Create the aggregate again on the source, or leave it behind: " + exclude(relation) + ".");
            case JOB_WITHOUT_HYPERTABLE ->
                warning(
                        damage.object(),
                        "it belongs to a hypertable that does not exist, so it fails on the source and is not migrated.",
                        "Remove it on the source: SELECT delete_job("
                                + damage.object().replaceFirst("^job ", "") + ");");
        };
    }

    private static String exclude(@Nullable QualifiedName relation) {
        return Filters.options("--exclude", List.of(String.valueOf(relation)));
    }

    private static Problem blocking(String object, String message, String remedy) {
        return Problem.blocking(Code.CATALOG_DAMAGED, object, message, remedy);
    }

    private static Problem warning(String object, String message, String remedy) {
        return Problem.warning(Code.CATALOG_DAMAGED, object, message, remedy);
    }
}
