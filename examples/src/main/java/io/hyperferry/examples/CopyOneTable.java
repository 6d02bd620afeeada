package io.hyperferry.examples;

import io.hyperferry.copy.CopyEngine;
import io.hyperferry.copy.CopyQueue;
import io.hyperferry.copy.CopySink;
import io.hyperferry.copy.CopySource;
import io.hyperferry.copy.CopySummary;
import io.hyperferry.copy.CopyTask;
import java.util.List;
import java.util.stream.IntStream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Copies one table with the engine alone, by days of a month, several at a time: no plan, no ledger, no schema. {@code CopyOneTable
 * "jdbc:postgresql://old:5432/metrics?user=app" "jdbc:postgresql://new:5432/metrics?user=app" readings time}.
 */
public final class CopyOneTable {
    private CopyOneTable() {}

    /** The arguments are the JDBC URLs of both sides, the table, which is there on both, and its time column. */
    public static void main(String[] arguments) {
        CopySummary summary = copy(arguments[0], arguments[1], arguments[2], arguments[3]);
        System.out.println(summary.rows() + " rows in " + summary.tasks() + " tasks, " + summary.bytes() + " bytes");
    }

    static CopySummary copy(String source, String target, String table, String time) {
        List<CopyTask> days = IntStream.rangeClosed(1, 31)
                .mapToObj(day -> new CopyTask(
                        "January " + day,
                        "COPY (SELECT * FROM " + table + " WHERE " + time + " >= DATE '2026-01-01' + " + (day - 1)
                                + " AND " + time + " < DATE '2026-01-01' + " + day + ") TO STDOUT (FORMAT binary)",
                        "COPY " + table + " FROM STDIN (FORMAT binary)"))
                .toList();
        return CopyEngine.from(CopySource.database(dataSource(source)))
                .to(CopySink.database(dataSource(target)))
                .parallelism(3)
                .run(CopyQueue.of(days));
    }

    private static PGSimpleDataSource dataSource(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        return dataSource;
    }
}
