package io.hyperferry.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.Database;
import io.hyperferry.Migration;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.PgTools;
import java.util.Arrays;

/**
 * Moves a database with the pools that a service has: {@code MoveInService "jdbc:postgresql://old:5432/metrics"
 * "jdbc:postgresql://new:5432/metrics" app secret}.
 */
public final class MoveInService {
    private static final int WORKERS = 4;

    private MoveInService() {}

    /** The arguments are the JDBC URLs of source and target, and user and password of both. */
    public static void main(String[] arguments) {
        char[] password = arguments[3].toCharArray();
        MigrationReport report = move(arguments[0], arguments[1], arguments[2], password, PgTools.onPath());
        Arrays.fill(password, ' ');
        System.out.println(report.toText());
    }

    static MigrationReport move(String source, String target, String user, char[] password, PgTools tools) {
        MigrationPlan.Connections needed = MigrationPlan.connectionsRequired(WORKERS);
        try (HikariDataSource from = pool(source, user, password, needed.source());
                HikariDataSource to = pool(target, user, password, needed.target())) {
            // pg_dump connects by itself, and a pool does not tell its password.
            return Migration.from(Database.of(from).withPassword(new String(password)))
                    .to(Database.of(to))
                    .parallelism(WORKERS)
                    .pgTools(tools)
                    .run();
        }
    }

    private static HikariDataSource pool(String url, String user, char[] password, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(new String(password));
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }
}
