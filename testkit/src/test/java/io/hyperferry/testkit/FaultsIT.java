package io.hyperferry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TimescaleExtension.class)
class FaultsIT {

    @Test
    void ends_the_sessions_with_the_name_and_no_others(@Target TestDatabase target) throws SQLException {
        TestDatabase other = target.createEmptySibling("other");
        try (Connection worker = named(target, "ferry-copy-1");
                Connection bystander = named(target, "bystander");
                Connection elsewhere = named(other, "ferry-copy-1")) {
            assertThat(Faults.terminateBackends(target, "ferry-%")).isEqualTo(1);

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> run(worker, "SELECT 1"))
                    .satisfies(e -> assertThat(e.getSQLState()).isIn("57P01", "08006"));
            run(bystander, "SELECT 1");
            run(elsewhere, "SELECT 1");
        }
    }

    @Test
    void counts_nothing_where_nobody_is(@Target TestDatabase target) {
        assertThat(Faults.terminateBackends(target, "nobody-%")).isZero();
        assertThat(Faults.terminateBackends(target, "%")).isZero();
    }

    private static Connection named(TestDatabase database, String applicationName) throws SQLException {
        Connection connection = database.connect();
        run(connection, "SET application_name = '" + applicationName + "'");
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
