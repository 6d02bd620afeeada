package io.hyperferry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Both databases behind real pools, and what must be true of them after any run. */
final class Sides implements AutoCloseable {

    static final String APPLICATION = "hyperferry-copy-it";
    static final int POOL_SIZE = 4;

    final TestDatabase source;
    final TestDatabase target;
    final HikariDataSource sourcePool;
    final HikariDataSource targetPool;

    Sides(TestDatabase source, TestDatabase target) {
        this.source = source;
        this.target = target;
        sourcePool = pool(source);
        targetPool = pool(target);
    }

    private static HikariDataSource pool(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.addDataSourceProperty("ApplicationName", APPLICATION);
        config.setConnectionInitSql("SET statement_timeout = '700ms'");
        config.setMinimumIdle(0);
        config.setMaximumPoolSize(POOL_SIZE);
        // A pool takes notice of another limit only now and then.
        config.setConnectionTimeout(3_000);
        return new HikariDataSource(config);
    }

    CopyEngine engine() {
        return CopyEngine.from(CopySource.database(sourcePool)).to(CopySink.database(targetPool));
    }

    static CopyTask task(String name, String query, String table) {
        return new CopyTask(
                name,
                "COPY (" + query + ") TO STDOUT (FORMAT binary)",
                "COPY " + table + " FROM STDIN (FORMAT binary)");
    }

    /** No connection taken, none that answers the wrong question, no transaction and no lock. */
    void assertClean() {
        assertClean(source, sourcePool);
        assertClean(target, targetPool);
    }

    private static void assertClean(TestDatabase database, HikariDataSource pool) {
        await().atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> {
                    assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isZero();
                    assertThat(database.rows("SELECT pid, state, query FROM pg_stat_activity WHERE application_name = '"
                                    + APPLICATION + "' AND state <> 'idle'"))
                            .isEmpty();
                    assertThat(database.rows("SELECT l.* FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                                    + " WHERE a.application_name = '" + APPLICATION + "'"))
                            .isEmpty();
                    // As many as the pool knows: a backend that it does not know was left behind.
                    assertThat(backends(database).size())
                            .isEqualTo(pool.getHikariPoolMXBean().getTotalConnections());
                });
        assertAnswers(pool);
    }

    static List<String> backends(TestDatabase database) {
        return database
                .rows("SELECT pid FROM pg_stat_activity WHERE application_name = '" + APPLICATION + "' ORDER BY 1")
                .stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    private static void assertAnswers(HikariDataSource pool) {
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < POOL_SIZE; i++) {
                Connection connection = pool.getConnection();
                all.add(connection);
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(ask(connection, "SELECT 42")).isEqualTo("42");
                assertThat(ask(connection, "SELECT 43")).isEqualTo("43");
                assertThat(ask(connection, "SHOW statement_timeout")).isEqualTo("700ms");
            }
        } catch (SQLException e) {
            throw new AssertionError("a connection of the pool is broken", e);
        } finally {
            all.forEach(Sides::close);
        }
    }

    static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return String.valueOf(result.getString(1));
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AssertionError("a connection of the pool does not close", e);
        }
    }

    @Override
    public void close() {
        sourcePool.close();
        targetPool.close();
    }
}
