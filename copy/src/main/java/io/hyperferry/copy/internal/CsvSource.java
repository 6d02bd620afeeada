package io.hyperferry.copy.internal;

import io.hyperferry.copy.CopyClaim;
import io.hyperferry.copy.CopyTask;
import org.jspecify.annotations.Nullable;

/** Hands out the bytes of the batch that a worker has claimed. */
final class CsvSource implements ReadSessions {

    @Override
    public ReadSession open() {
        return new Reading();
    }

    /** The batch of a claim of these loads. */
    static CsvClaim claim(CopyClaim claim) {
        if (claim instanceof CsvClaim csv) {
            return csv;
        }
        throw new IllegalArgumentException("not a batch of CSV: " + claim.task().name());
    }

    private static final class Reading implements ReadSession {

        private @Nullable CsvBatch batch;

        @Override
        public boolean begin(CopyClaim claim) {
            batch = claim(claim).batch();
            return true;
        }

        @Override
        public RowsOut read(CopyTask.Part part) {
            if (batch == null) {
                throw new IllegalStateException("nothing was begun");
            }
            return new BatchRows(batch);
        }

        @Override
        public void finish(CopyClaim claim) {}

        @Override
        public void end() {
            batch = null;
        }

        @Override
        public void discard() {
            batch = null;
        }
    }

    /** A batch, piece by piece. */
    private static final class BatchRows implements RowsOut {

        private final CsvBatch batch;

        /** The relay is done with it before it asks for more. */
        private final byte[] whole = new byte[BinaryRelay.BATCH];

        private int at;

        BatchRows(CsvBatch batch) {
            this.batch = batch;
        }

        @Override
        public boolean binary() {
            return false;
        }

        @Override
        public byte @Nullable [] next() {
            if (at == batch.length()) {
                return null;
            }
            int length = Math.min(BinaryRelay.BATCH, batch.length() - at);
            byte[] piece = length == whole.length ? whole : new byte[length];
            System.arraycopy(batch.bytes(), at, piece, 0, piece.length);
            at += piece.length;
            return piece;
        }

        /** Triggers and conflicts may leave records out, so the server's count is the one that holds. */
        @Override
        public long rows() {
            return RowsIn.UNCOUNTED;
        }
    }
}
