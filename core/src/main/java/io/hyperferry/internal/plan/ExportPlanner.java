package io.hyperferry.internal.plan;

import io.hyperferry.MigrationPlan;
import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans exports, whose target nobody knows yet, and the import of one into a target. Pure functions. */
public final class ExportPlanner {
    /** The database that an export is planned for. */
    private static final String SOMEWHERE = "an export";

    /** Problems of a target, which is found out about when an export is imported. */
    private static final Set<Problem.Code> OF_THE_TARGET =
            Set.of(Problem.Code.TARGET_WITHOUT_TIMESCALEDB, Problem.Code.ROLE_MISSING);

    private ExportPlanner() {}

    /** The options of the export of this name. */
    public static PlanOptions named(PlanOptions options, String export) {
        return options.ofExport(export);
    }

    /**
     * The plan by which a database is exported: as for an empty target like the source that can do all that any can. What is read for that one is
     * of use for every other that can do as much.
     */
    public static MigrationPlan plan(DatabaseCatalog source, PlanOptions options) {
        PlanOptions named = options.export() == null ? named(options, "") : options;
        DatabaseCatalog target = DatabaseCatalog.builder(anyTarget(source.server()))
                .semantics(source.semantics())
                .build();
        MigrationPlan plan = Planner.plan(source, target, named);
        return new MigrationPlan(
                plan.source(),
                plan.target(),
                named,
                plan.steps(),
                plan.problems().stream()
                        .filter(it -> !OF_THE_TARGET.contains(it.code()))
                        .toList());
    }

    private static ServerInfo anyTarget(ServerInfo source) {
        @Nullable Timescale timescale = source.timescale();
        return new ServerInfo(
                SOMEWHERE,
                SOMEWHERE,
                source.user(),
                true,
                source.postgres(),
                timescale == null
                        ? null
                        : new Timescale(
                                timescale.version(),
                                timescale.schema(),
                                timescale.functionSchema(),
                                timescale.community(),
                                EnumSet.allOf(TimescaleFeature.class)),
                source.timescaleAvailable(),
                false,
                source.encoding(),
                source.collation(),
                source.settings(),
                source.inventory());
    }

    /**
     * The plan by which an export goes into a target.
     *
     * @param exported the plan by which it was exported
     * @param source the structure that was exported
     * @param options those of the export, but for what is the target's alone
     */
    public static MigrationPlan importing(
            MigrationPlan exported, DatabaseCatalog source, DatabaseCatalog target, PlanOptions options) {
        MigrationPlan plan = Planner.plan(source, target, options);
        return plan.isBlocked() && plan.copyData().isEmpty() ? plan : plan.withProblems(misfits(exported, plan));
    }

    private static List<Problem> misfits(MigrationPlan exported, MigrationPlan plan) {
        Step.CopyData was = exported.copyData().orElseThrow();
        Step.CopyData is = plan.copyData().orElseThrow();
        List<Problem> problems = new ArrayList<>();
        if (was.digest() != is.digest()) {
            problems.add(misfit(
                    plan.target().database(),
                    "rows were digested in a way that the target's PostgreSQL "
                            + plan.target().postgres() + " does not know.",
                    "Import into PostgreSQL 14 or newer."));
        }
        Map<Object, TableData> tables = new HashMap<>();
        is.tables().forEach(it -> tables.put(it.table(), it));
        for (TableData table : was.tables()) {
            @Nullable TableData here = tables.get(table.table());
            if (here == null || !table.columns().equals(here.columns()) || !sameRows(table, here)) {
                problems.add(misfit(
                        table.table().toString(),
                        "its compressed chunks were exported as compressed tuples, which this target does not take"
                                + (here == null || here.refusals().isEmpty()
                                        ? "."
                                        : " (" + String.join("; ", here.refusals()) + ")."),
                        "Export again as rows (compressed(CompressedMode.ROWS), --compressed rows), or import into a target like the"
                                + " source, or newer."));
            }
        }
        return problems;
    }

    /** Whether slices are the same; whether the target compresses their rows on arrival is its own affair. */
    private static boolean sameRows(TableData was, TableData is) {
        return slices(was).equals(slices(is));
    }

    private static List<Slice> slices(TableData table) {
        return table.slices().stream()
                .map(it -> new Slice(
                        it.position(),
                        it.mode(),
                        it.chunk(),
                        it.from(),
                        it.to(),
                        it.wholeChunk(),
                        it.estimatedRows(),
                        it.estimatedBytes(),
                        false,
                        it.compressed(),
                        it.space()))
                .toList();
    }

    private static Problem misfit(String object, String what, String remedy) {
        return Problem.blocking(Problem.Code.EXPORT_DOES_NOT_FIT, object, what, remedy);
    }
}
