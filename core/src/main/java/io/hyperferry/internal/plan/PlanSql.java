package io.hyperferry.internal.plan;

import io.hyperferry.MigrationPlan;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.StepVisitor;
import io.hyperferry.TableData;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.sql.ColumnstoreSql;
import io.hyperferry.internal.sql.CopySql;
import io.hyperferry.internal.sql.DigestSql;
import io.hyperferry.internal.sql.Identifiers;
import java.util.List;

/** A plan as the statements that a run executes. */
public final class PlanSql implements StepVisitor<String> {
    private PlanSql() {}

    /** The whole plan. */
    public static String of(MigrationPlan plan) {
        PlanSql sql = new PlanSql();
        StringBuilder text = new StringBuilder()
                .append("-- Source: ")
                .append(line(plan.source().toString()))
                .append("\n-- Target: ")
                .append(line(plan.target().toString()))
                .append('\n');
        int number = 1;
        for (Step step : plan.steps()) {
            text.append("\n-- Step ")
                    .append(number++)
                    .append(": ")
                    .append(line(step.title()))
                    .append('\n')
                    .append(step.accept(sql));
        }
        return text.toString();
    }

    @Override
    public String restorePreData(Step.RestorePreData step) {
        StringBuilder text =
                new StringBuilder("-- target: what pg_dump --section=pre-data gives, in one transaction\n");
        for (Step.LeftOut left : step.leftOut()) {
            text.append("-- without ")
                    .append(line(left.relation().toString()))
                    .append(": ")
                    .append(line(left.reason()))
                    .append('\n');
        }
        step.dependentsLeftOut()
                .forEach(skipped ->
                        text.append("-- without ").append(line(skipped)).append('\n'));
        for (Step.ColumnOrder order : step.columnOrders()) {
            text.append("-- keep the order of columns of ")
                    .append(line(order.table().toString()))
                    .append(": its CREATE TABLE inherits from this table first\n")
                    .append(statements(order.before()))
                    .append(statements(order.after()));
        }
        return text.toString();
    }

    @Override
    public String createHypertable(Step.CreateHypertable step) {
        return statements(step.sql());
    }

    @Override
    public String createChunks(Step.CreateChunks step) {
        return statements(step.sql());
    }

    @Override
    public String restoreIndexes(Step.RestoreIndexes step) {
        StringBuilder text = new StringBuilder(
                "-- target: of pg_dump --section=post-data, one transaction each, the indexes and constraints but foreign keys of\n");
        step.tables()
                .forEach(
                        it -> text.append("--     ").append(line(it.toString())).append('\n'));
        return text.toString();
    }

    @Override
    public String compressEmptyChunks(Step.CompressEmptyChunks step) {
        return "-- one transaction each; decompressed again where the compressed relation does not have the source's columns\n"
                + statements(step.chunks().stream().map(Step.EmptyChunk::sql).toList());
    }

    @Override
    public String createAggregate(Step.CreateAggregate step) {
        return statements(step.sql());
    }

    @Override
    public String restoreDependents(Step.RestoreDependents step) {
        return "-- target: what of pg_dump --section=pre-data needs continuous aggregates, in one transaction\n";
    }

    @Override
    public String finishAggregate(Step.FinishAggregate step) {
        return statements(step.sql())
                + (step.sqlOfMixed().isEmpty()
                        ? ""
                        : "-- and when rows were read at several moments:\n" + statements(step.sqlOfMixed()));
    }

    @Override
    public String refreshAggregate(Step.RefreshAggregate step) {
        return "-- each outside of a transaction\n" + statements(step.sql());
    }

    @Override
    public String copyData(Step.CopyData step) {
        StringBuilder text = new StringBuilder();
        if (!step.settings().isEmpty()) {
            text.append("-- target, at the beginning of each transaction:\n").append(statements(step.settings()));
        }
        for (TableData table : step.tables()) {
            for (Slice slice : table.slices()) {
                text.append("-- slice ").append(slice.position()).append(", source:\n");
                if (slice.compressed() != null) {
                    text.append("-- where the target's compressed relation has the same columns: COPY of ")
                            .append(line(slice.compressed().toString()))
                            .append(" and of what is not compressed in ")
                            .append(line(String.valueOf(slice.chunk())))
                            .append(", else\n");
                }
                String rows = CopySql.rowsOf(table, slice);
                text.append(statement(
                        slice.compressedOnArrival() ? CopySql.sortedOut(table, rows) : CopySql.out(table, rows)));
                text.append(statement(DigestSql.ofRows(table, rows, step.digest())));
                text.append("-- slice ").append(slice.position()).append(", target:\n");
                if (slice.compressedOnArrival()) {
                    text.append(statements(ColumnstoreSql.COMPRESS_ON_ARRIVAL));
                }
                text.append(statement(CopySql.in(
                        table, (table.aggregate() ? "/* the storage of */ " : "") + Identifiers.quote(table.table()))));
            }
        }
        if (!step.compressions().isEmpty()) {
            text.append("-- target, each when all rows of its chunk are there:\n")
                    .append(statements(step.compressions().stream()
                            .map(Step.Compression::sql)
                            .toList()));
        }
        return text.toString();
    }

    @Override
    public String setSequences(Step.SetSequences step) {
        StringBuilder text = new StringBuilder();
        for (QualifiedName sequence : step.sequences()) {
            text.append("-- source: SELECT last_value, is_called FROM ")
                    .append(line(Identifiers.quote(sequence)))
                    .append(";\nSELECT setval(")
                    .append(Identifiers.regclass(sequence))
                    .append(", /* last_value */, /* is_called */);\n");
        }
        return text.toString();
    }

    @Override
    public String restorePostData(Step.RestorePostData step) {
        return "-- target: what pg_dump --section=post-data gives, one transaction for each index, constraint and trigger\n"
                + statements(step.validations());
    }

    @Override
    public String setColumnstore(Step.SetColumnstore step) {
        return statements(step.sql());
    }

    @Override
    public String compressChunks(Step.CompressChunks step) {
        return statements(step.sql());
    }

    @Override
    public String finishSchema(Step.FinishSchema step) {
        return "-- target: REFRESH MATERIALIZED VIEW for each that has rows on the source, publications and event triggers, one transaction each\n";
    }

    @Override
    public String setDatabase(Step.SetDatabase step) {
        return statements(step.sql());
    }

    @Override
    public String freezeChunks(Step.FreezeChunks step) {
        return statements(step.sql());
    }

    @Override
    public String analyze(Step.Analyze step) {
        return statements(step.sql());
    }

    @Override
    public String createJobs(Step.CreateJobs step) {
        return statements(step.sql());
    }

    @Override
    public String scheduleJobs(Step.ScheduleJobs step) {
        return statements(step.sql());
    }

    @Override
    public String verify(Step.Verify step) {
        return "-- both sides: the digests of all slices, and the difference of both catalogs\n";
    }

    private static String statements(List<String> sql) {
        StringBuilder text = new StringBuilder();
        sql.forEach(it -> text.append(statement(it)));
        return text.toString();
    }

    private static String statement(String sql) {
        return sql + ";\n";
    }

    /** A name may hold a line break, and must not break out of a comment. */
    private static String line(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n");
    }
}
