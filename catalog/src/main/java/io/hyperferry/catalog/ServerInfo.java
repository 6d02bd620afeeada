package io.hyperferry.catalog;

import java.util.EnumSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server and the database that a catalog was read from.
 *
 * @param database the name of the database
 * @param systemIdentifier what tells this server from every other, standbys of it excepted
 * @param user the role that read it
 * @param superuser whether that role is a superuser
 * @param postgres the server's version
 * @param timescale the TimescaleDB extension, or null when this database has none
 * @param timescaleAvailable the version of TimescaleDB that {@code CREATE EXTENSION} would install, or null when the server has
 *     no such package
 * @param inRecovery whether the server is a standby, which cannot be written to
 * @param encoding the database's encoding, for example {@code UTF8}
 * @param collation the database's default collation with its provider, for example {@code libc en_US.utf8}
 * @param settings how much the server can do at a time
 * @param inventory what the server has that objects can refer to
 */
public record ServerInfo(
        String database,
        String systemIdentifier,
        String user,
        boolean superuser,
        Version postgres,
        @Nullable Timescale timescale,
        @Nullable Version timescaleAvailable,
        boolean inRecovery,
        String encoding,
        String collation,
        ServerSettings settings,
        ServerInventory inventory) {
    public ServerInfo {
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(systemIdentifier, "systemIdentifier");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(postgres, "postgres");
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(collation, "collation");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(inventory, "inventory");
    }

    /**
     * A server to build a catalog on in a test: TimescaleDB's Community edition with everything that it can have, in the schema {@code
     * public}, read by the role {@code app}, which is no superuser; PostgreSQL's own settings, UTF8, and nothing that objects could refer to.
     *
     * @param database the database's name, which also tells the server from others
     * @param postgres the server's version, for example {@code 17.5}
     * @param timescale the version of TimescaleDB, for example {@code 2.29.2}
     * @throws IllegalArgumentException when one of them is no version
     */
    public static ServerInfo community(String database, String postgres, String timescale) {
        Version version = Version.parse(timescale);
        return new ServerInfo(
                database,
                database + "-" + timescale,
                "app",
                false,
                Version.parse(postgres),
                new Timescale(version, "public", "_timescaledb_functions", true, EnumSet.allOf(TimescaleFeature.class)),
                version,
                false,
                "UTF8",
                "libc en_US.utf8",
                ServerSettings.DEFAULTS,
                ServerInventory.NOTHING);
    }

    /** The same server with another version of PostgreSQL. */
    public ServerInfo withPostgres(Version value) {
        return with(value, timescale, collation, settings, inventory);
    }

    /** The same server with another TimescaleDB, or none. */
    public ServerInfo withTimescale(@Nullable Timescale value) {
        return with(postgres, value, collation, settings, inventory);
    }

    /** The same server with another default collation. */
    public ServerInfo withCollation(String value) {
        return with(postgres, timescale, value, settings, inventory);
    }

    /** The same server with other settings. */
    public ServerInfo withSettings(ServerSettings value) {
        return with(postgres, timescale, collation, value, inventory);
    }

    /** The same server with other things that objects can refer to. */
    public ServerInfo withInventory(ServerInventory value) {
        return with(postgres, timescale, collation, settings, value);
    }

    private ServerInfo with(
            Version newPostgres,
            @Nullable Timescale newTimescale,
            String newCollation,
            ServerSettings newSettings,
            ServerInventory newInventory) {
        return new ServerInfo(
                database,
                systemIdentifier,
                user,
                superuser,
                newPostgres,
                newTimescale,
                timescaleAvailable,
                inRecovery,
                encoding,
                newCollation,
                newSettings,
                newInventory);
    }
}
