package io.hyperferry.copy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Something that happened while CSV files were loaded. */
public sealed interface CsvLoadEvent {

    /**
     * How far the load is. Comes about once a second, and once at the end.
     *
     * @param rows the rows that are committed, by this load alone
     * @param bytesRead what was read of the files, as they lie on the disk
     * @param bytesTotal the size of the files, unless one of them is a stream
     * @param elapsed since the start
     */
    record Progress(long rows, long bytesRead, OptionalLong bytesTotal, Duration elapsed) implements CsvLoadEvent {

        /** Makes an event. */
        public Progress {
            requireNonNull(bytesTotal, "bytesTotal");
            requireNonNull(elapsed, "elapsed");
        }

        /** What of the files was read, from 0 to 1; empty when their size is not known. */
        public Optional<Double> fraction() {
            return bytesTotal.isEmpty() || bytesTotal.getAsLong() == 0
                    ? Optional.empty()
                    : Optional.of(Math.min(1, (double) bytesRead / bytesTotal.getAsLong()));
        }

        /** How long it takes on at this pace; empty when nobody can tell yet. */
        public Optional<Duration> remaining() {
            return fraction()
                    .filter(it -> it > 0)
                    .map(it -> Duration.ofMillis((long) (elapsed.toMillis() * (1 - it) / it)));
        }
    }

    /**
     * A batch failed for a reason that may pass, and is tried again after a pause.
     *
     * @param failure what happened
     * @param pause how long it waits
     */
    record Retrying(CopyException failure, Duration pause) implements CsvLoadEvent {

        /** Makes an event. */
        public Retrying {
            requireNonNull(failure, "failure");
            requireNonNull(pause, "pause");
        }
    }
}
