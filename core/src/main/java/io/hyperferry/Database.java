package io.hyperferry;

import io.hyperferry.internal.jdbc.Endpoint;
import io.hyperferry.internal.jdbc.Urls;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one database. An immutable value; thread-safe. It opens nothing by itself.
 *
 * <p>pg_dump connects to the source on its own, so host, port, database, user and password must be known: a URL has them; of a
 * {@link DataSource} the first four are asked from its connections, and a password is given with {@link #withPassword}.
 */
public final class Database {
    private final @Nullable String url;
    private final @Nullable DataSource dataSource;
    private final @Nullable String password;

    private Database(@Nullable String url, @Nullable DataSource dataSource, @Nullable String password) {
        this.url = url;
        this.dataSource = dataSource;
        this.password = password;
    }

    /**
     * A database by its URL: {@code postgres://user:password@host:port/database?sslmode=require}, {@code postgresql://…} or
     * {@code jdbc:postgresql://host:port/database?user=…}. A password that the URL lacks is taken from the password file
     * ({@code ~/.pgpass} or {@code PGPASSFILE}).
     *
     * @throws IllegalArgumentException when it is not such a URL; the message does not repeat it, since it may hold a password
     */
    public static Database of(String url) {
        Objects.requireNonNull(url, "url");
        Urls.parse(url);
        return new Database(url, null, null);
    }

    /**
     * A database by a data source of PostgreSQL connections, for example a pool. It stays the caller's and is never closed.
     */
    public static Database of(DataSource dataSource) {
        return new Database(null, Objects.requireNonNull(dataSource, "dataSource"), null);
    }

    /** The same database with a password, used where the URL has none, and by pg_dump. */
    public Database withPassword(String password) {
        return new Database(url, dataSource, Objects.requireNonNull(password, "password"));
    }

    /** Its connections, for what {@code io.hyperferry.copy} does; each is a new one, unless it was made {@linkplain #of(DataSource) of a pool}. */
    public DataSource dataSource() {
        return endpoint().plainDataSource();
    }

    Endpoint endpoint() {
        return url != null
                ? Endpoint.ofUrl(url, password, System::getenv)
                : Endpoint.ofDataSource(Objects.requireNonNull(dataSource, "dataSource"), password);
    }

    /** Where it is, without user and password. */
    @Override
    public String toString() {
        // What a data source writes of itself may have its password.
        return url == null
                ? Objects.requireNonNull(dataSource, "dataSource").getClass().getSimpleName()
                : Urls.parse(url).location();
    }
}
