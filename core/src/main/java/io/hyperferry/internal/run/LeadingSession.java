package io.hyperferry.internal.run;

import io.hyperferry.internal.ledger.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The session of the target with the lock of the process that leads, over all its replacements. */
final class LeadingSession {
    private Ledger.@Nullable Session session;

    /** Leads in another session from now on, and ends the one before if the server still has it. */
    void replaceBy(Connection to) throws SQLException {
        if (session != null) {
            Ledger.endIfLocked(to, session);
        }
        session = Ledger.session(to);
    }
}
