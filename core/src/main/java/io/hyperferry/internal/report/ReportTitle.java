package io.hyperferry.internal.report;

import io.hyperferry.MigrationException;
import io.hyperferry.MigrationReport;
import io.hyperferry.MigrationReport.Failure;
import io.hyperferry.Problem;
import io.hyperferry.Verification;
import org.jspecify.annotations.Nullable;

/** Says in a few words how a run ended. */
public final class ReportTitle {
    private static final int SHOWN_LENGTH = 200;

    private ReportTitle() {}

    /** The title of a report. */
    public static String of(MigrationReport report) {
        return switch (report.outcome()) {
            case IDENTICAL ->
                report.sample() != null
                        ? "A sample is identical"
                        : report.verification() == Verification.DIGESTS
                                ? "Verified identical"
                                : "Identical by number of rows";
            case DIFFERENT ->
                report.tables().isEmpty() && report.differences().isEmpty() ? "Nothing was compared" : "Not identical";
            case REFUSED -> "Refused: " + refusal(report);
            case FAILED -> "Failed" + at(report.failure()) + ": " + message(report.failure());
            case CANCELLED -> "Cancelled" + at(report.failure());
            case RUNNING -> "Running since " + report.startedAt() + "; not finished";
        };
    }

    private static String refusal(MigrationReport report) {
        @Nullable Failure failure = report.failure();
        if (failure != null && !failure.code().equals(MigrationException.Code.PREFLIGHT.name())) {
            return message(failure);
        }
        long problems = report.warnings().stream().filter(Problem::blocks).count();
        return problems + (problems == 1 ? " problem" : " problems");
    }

    private static String at(@Nullable Failure failure) {
        return failure == null || failure.title() == null ? "" : " in step " + failure.step() + ", " + failure.title();
    }

    private static String message(@Nullable Failure failure) {
        String message =
                failure == null ? "" : failure.message().lines().findFirst().orElse("");
        return message.length() <= SHOWN_LENGTH ? message : message.substring(0, SHOWN_LENGTH) + "…";
    }
}
