package io.hyperferry.examples.bench;

import io.hyperferry.Database;
import io.hyperferry.Migration;
import io.hyperferry.MigrationEvent;
import io.hyperferry.PgTools;
import io.hyperferry.Step;
import io.hyperferry.Verification;
import io.hyperferry.examples.bench.Phase.Kind;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/**
 * One migration in a virtual machine of its own, which tells at the end of each step what it took; {@link RelayLog} reads that. The arguments
 * are {@code migrate} or {@code plan}, the URLs of both sides, the parallelism, what is verified, and the words of the command before {@code pg_dump}.
 */
public final class MeasuredMigration {
    static final String MIGRATE = "migrate";
    static final String PLAN = "plan";
    static final String SOURCE_PASSWORD = "SOURCE_PASSWORD";
    static final String TARGET_PASSWORD = "TARGET_PASSWORD";

    /** Collectors' pools that are heap. */
    private static final List<MemoryPoolMXBean> HEAP = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(it -> it.getType() == MemoryType.HEAP)
            .toList();

    private static final AtomicLong LIVE = new AtomicLong();

    private MeasuredMigration() {}

    /** Moves or plans, and prints marks. */
    public static void main(String[] arguments) throws IOException {
        // What passed before this line belongs to the run, too.
        long startedAt =
                System.nanoTime() - ManagementFactory.getRuntimeMXBean().getUptime() * 1_000_000;
        System.out.println("mark START 0.0 nothing");
        mark(startedAt, Kind.AROUND, "start the virtual machine");
        watchCollections();
        String[] tools = List.of(arguments).subList(5, arguments.length).toArray(String[]::new);
        Migration migration = Migration.from(Database.of(arguments[1]).withPassword(System.getenv(SOURCE_PASSWORD)))
                .to(Database.of(arguments[2]).withPassword(System.getenv(TARGET_PASSWORD)))
                .parallelism(Integer.parseInt(arguments[3]))
                .verification(Verification.valueOf(arguments[4]))
                .pgTools(tools.length == 0 ? PgTools.onPath() : PgTools.command(tools))
                .listener(event -> onEvent(event, startedAt));
        if (arguments[0].equals(PLAN)) {
            migration.plan();
            mark(startedAt, Kind.AROUND, "plan");
        } else {
            migration.run();
        }
        mark(startedAt, Kind.AROUND, "end");
        memory();
    }

    private static void onEvent(MigrationEvent event, long startedAt) {
        if (event instanceof MigrationEvent.Planned) {
            mark(startedAt, Kind.AROUND, "plan, dump the schema");
        } else if (event instanceof MigrationEvent.StepFinished finished) {
            mark(startedAt, kind(finished.step()), finished.step().title());
        }
    }

    private static Kind kind(Step step) {
        if (step instanceof Step.CopyData) {
            return Kind.COPY;
        }
        if (step instanceof Step.SetColumnstore
                || step instanceof Step.CompressEmptyChunks
                || step instanceof Step.CompressChunks) {
            return Kind.COMPRESS;
        }
        if (step instanceof Step.RestoreIndexes || step instanceof Step.RestorePostData) {
            return Kind.INDEX;
        }
        return step instanceof Step.Verify ? Kind.PROOF : Kind.AROUND;
    }

    private static void mark(long startedAt, Kind kind, String title) {
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        System.out.println(String.format(Locale.ROOT, "mark %s %.3f %s", kind, seconds, title));
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(it -> System.out.println(String.format(Locale.ROOT, "0m%.3fs", it.toMillis() / 1e3)));
    }

    /** Remembers the most that a collection of the whole heap, or of its young part, left. */
    private static void watchCollections() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(
                        (notification, handback) -> {
                            if (notification.getUserData() instanceof CompositeData collection) {
                                LIVE.accumulateAndGet(leftBy(collection), Math::max);
                            }
                        },
                        null,
                        null);
            }
        }
    }

    /** Bytes of heap in use after a collection, from the data of its notification. */
    private static long leftBy(CompositeData collection) {
        CompositeData details = (CompositeData) collection.get("gcInfo");
        TabularData after = (TabularData) details.get("memoryUsageAfterGc");
        return HEAP.stream()
                .map(pool -> after.get(new Object[] {pool.getName()}))
                .mapToLong(
                        it -> MemoryUsage.from((CompositeData) it.get("value")).getUsed())
                .sum();
    }

    private static void memory() throws IOException {
        long peak = HEAP.stream().mapToLong(it -> it.getPeakUsage().getUsed()).sum();
        System.out.println("memory heap-peak " + peak / 1024);
        System.out.println("memory heap-live " + LIVE.get() / 1024);
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
                if (line.startsWith("VmHWM:")) {
                    System.out.println("memory resident " + line.replaceAll("[^0-9]", ""));
                }
            }
        }
    }
}
