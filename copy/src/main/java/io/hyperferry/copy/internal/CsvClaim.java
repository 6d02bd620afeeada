package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyResult;
import io.hyperferry.copy.CopyTask;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A batch in the hands of one worker. */
final class CsvClaim implements CopyClaim {

    private final CsvLoading loading;
    private final CsvBatch batch;
    private final Connection target;
    private final CopyTask task;
    private final List<CsvReject> rejects = new ArrayList<>();

    CsvClaim(CsvLoading loading, CsvBatch batch, Connection target) {
        this.loading = loading;
        this.batch = batch;
        this.target = target;
        this.task = new CopyTask(
                loading.nameOf(batch) + ", " + batch.records() + " records from line " + batch.firstLine(),
                "batch",
                loading.copySql(batch));
    }

    CsvBatch batch() {
        return batch;
    }

    /** The connection whose transaction the batch is loaded in. */
    Connection target() {
        return target;
    }

    void reject(CsvReject reject) {
        rejects.add(reject);
    }

    @Override
    public CopyTask task() {
        return task;
    }

    @Override
    public void beforeWrite(Connection connection) throws SQLException {
        for (String sql : loading.beforeCopy(batch)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void beforeCommit(Connection connection, CopyResult result) throws SQLException {
        loading.write(rejects);
    }

    @Override
    public void committed(CopyResult result) {
        loading.committed(batch, result.rows(), rejects.size());
    }
}
