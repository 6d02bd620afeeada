package io.hyperferry.copy.internal;

/** What a load has counted so far. Thread-safe. */
final class CsvTally {

    private long earlier;
    private long leftOut;
    private long rejects;
    private int file = -1;
    private long readBefore;
    private long readOfFile;

    synchronized void earlier(long records) {
        earlier += records;
    }

    synchronized void committed(long recordsLeftOut, long recordsRefused) {
        leftOut += recordsLeftOut;
        rejects += recordsRefused;
    }

    /** Hears how far a file is read; a later file means that those before it are done. */
    synchronized void reading(int number, long position) {
        if (number != file) {
            readBefore += readOfFile;
            file = number;
        }
        readOfFile = position;
    }

    synchronized long read() {
        return readBefore + readOfFile;
    }

    /** Records that an earlier load has done. */
    synchronized long earlier() {
        return earlier;
    }

    /** Records that the server took, and made no row of. */
    synchronized long leftOut() {
        return leftOut;
    }

    synchronized long rejects() {
        return rejects;
    }
}
