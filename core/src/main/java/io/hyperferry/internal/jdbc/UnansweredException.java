package io.hyperferry.internal.jdbc;

import java.sql.SQLException;

/** A database did not answer a question, for a reason that does not pass or as often as it was asked. */
public final class UnansweredException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final String side;

    /**
     * Makes an exception.
     *
     * @param side which database, human-readable
     * @param subject what the question was about, human-readable
     * @param asked how often it was asked
     */
    UnansweredException(String side, String subject, int asked, Exception cause) {
        super(
                "the " + side + " did not answer a question about " + subject
                        + (asked > 1 ? ", asked " + asked + " times" : "") + ": " + Jdbc.describe(cause),
                cause);
        this.side = side;
    }

    /** Returns which database did not answer. */
    public String side() {
        return side;
    }
}
