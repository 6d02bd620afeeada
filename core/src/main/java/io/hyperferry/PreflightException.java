package io.hyperferry;

import java.util.List;
import java.util.stream.Collectors;

/** The preflight found problems that keep the migration from running. Nothing was changed on either side. */
public final class PreflightException extends MigrationException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** A failure with all the problems that were found, warnings included. */
    public PreflightException(List<Problem> problems) {
        super(
                Code.PREFLIGHT,
                problems.stream().filter(Problem::blocks).map(Problem::toString).collect(Collectors.joining("; ")),
                null);
        this.problems = List.copyOf(problems);
    }

    /** All the problems, warnings included. */
    public List<Problem> problems() {
        return problems;
    }
}
