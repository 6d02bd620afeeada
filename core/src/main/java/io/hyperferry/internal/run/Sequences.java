package io.hyperferry.internal.run;

import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.internal.export.SequenceState;
import io.hyperferry.internal.jdbc.Jdbc;
import io.hyperferry.internal.sql.Identifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Where sequences stand, and how the target's come to stand where the source's do. */
final class Sequences {
    private Sequences() {}

    /** Where a sequence stands on one side. */
    static SequenceState of(Connection side, QualifiedName sequence) throws SQLException {
        return Jdbc.one(
                side,
                "SELECT last_value, is_called FROM " + Identifiers.quote(sequence),
                row -> new SequenceState(row.getLong(1), row.getBoolean(2)));
    }

    /** Tells where sequences stand. */
    interface Standings {
        /** Where this one stands. */
        SequenceState of(QualifiedName sequence) throws SQLException;
    }

    /**
     * Sets the target's sequences, in its transaction.
     *
     * @return those that stood elsewhere
     */
    static List<QualifiedName> set(Standings source, Connection target, List<QualifiedName> sequences)
            throws SQLException {
        List<QualifiedName> moved = new ArrayList<>();
        for (QualifiedName sequence : sequences) {
            SequenceState state = source.of(sequence);
            if (!state.equals(of(target, sequence))) {
                Jdbc.query(
                        target,
                        "SELECT setval(" + Identifiers.regclass(sequence) + ", ?, ?)",
                        row -> row.getLong(1),
                        state.lastValue(),
                        state.called());
                moved.add(sequence);
            }
        }
        return moved;
    }
}
