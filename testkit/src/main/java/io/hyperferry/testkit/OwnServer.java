package io.hyperferry.testkit;

import io.hyperferry.testkit.internal.ImageName;
import io.hyperferry.testkit.internal.OwnContainer;
import io.hyperferry.testkit.internal.Sql;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of a test's own, for faults that would disturb others: it can be killed and started again, and its disk can be filled. It is a
 * container of the same image as the common servers, also where these are given by URL. Thread-safe.
 */
public final class OwnServer implements AutoCloseable {

    private static final String TABLESPACE = "small";
    private static final String FILLER = OwnContainer.SMALL_DISK + "/filler";

    private final OwnContainer container;
    private final TimescaleServer server;
    private final boolean smallDisk;
    private final AtomicInteger databases = new AtomicInteger();

    private OwnServer(Role role, int smallDiskMegabytes) {
        String image = ImageName.find(role.image());
        this.smallDisk = smallDiskMegabytes > 0;
        this.container = OwnContainer.start(image, role + "-own", smallDiskMegabytes);
        this.server = TimescaleServer.of(role, container.address(), image, null);
        if (smallDisk) {
            asTheServer("mkdir " + OwnContainer.SMALL_DISK + "/space");
            Sql.execute(
                    container.address().dataSource(),
                    "CREATE TABLESPACE " + TABLESPACE + " LOCATION '" + OwnContainer.SMALL_DISK + "/space'");
        }
    }

    /** A server like that of the sources. */
    public static OwnServer source() {
        return new OwnServer(Role.SOURCE, 0);
    }

    /** A server like that of the targets. */
    public static OwnServer target() {
        return new OwnServer(Role.TARGET, 0);
    }

    /** A server like that of the targets, whose databases are on a disk of this size in memory. It cannot be ended. */
    public static OwnServer targetOnSmallDisk(int megabytes) {
        return new OwnServer(Role.TARGET, megabytes);
    }

    /**
     * A fresh database with the extension; the caller drops it, or closes the server.
     *
     * @param prefix of its name: a-z, 0-9 and underscore
     */
    public TestDatabase createDatabase(String prefix) {
        String name = String.format(Locale.ROOT, "%s_%d", prefix, databases.incrementAndGet());
        return smallDisk ? TestDatabase.createIn(server, name, TABLESPACE) : TestDatabase.create(server, name);
    }

    /** Drops a database of this server, whoever is connected to it. */
    public void drop(TestDatabase database) {
        database.drop();
    }

    /** Kills all its processes at once, as a machine does that loses its power; what it had written stays. */
    public void kill() {
        requireRealDisk();
        container.end("KILL");
    }

    /** Shuts it down, as an administrator does: sessions are ended, and nobody gets in any more. */
    public void shutDown() {
        requireRealDisk();
        container.end("INT");
    }

    private void requireRealDisk() {
        if (smallDisk) {
            throw new IllegalStateException("a disk in memory would not outlive the server: " + server);
        }
    }

    /** Starts it again after it was ended, and returns when it answers. */
    public void start() {
        container.startAgain();
    }

    /** Leaves no room on the small disk. */
    public void fillDisk() {
        asTheServer("dd if=/dev/zero of=" + FILLER + " bs=64k 2>/dev/null || true");
    }

    /** Gives the room back. */
    public void freeDisk() {
        asTheServer("rm -f " + FILLER);
    }

    private void asTheServer(String command) {
        Sql.execute(
                container.address().dataSource(),
                "COPY (SELECT 1) TO PROGRAM " + Sql.literal("cat > /dev/null; " + command));
    }

    /** Removes it, and all of its databases. */
    @Override
    public void close() {
        container.close();
    }

    /** A description for messages and logs; it has no password. */
    @Override
    public String toString() {
        return server.toString();
    }
}
