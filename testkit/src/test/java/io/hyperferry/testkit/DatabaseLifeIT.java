package io.hyperferry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.EventConditions.started;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.rootCause;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs the classes below as JUnit would, and looks at what they leave. */
@ExtendWith(TimescaleExtension.class)
class DatabaseLifeIT {

    private static final Set<TestDatabase> SEEN = ConcurrentHashMap.newKeySet();

    @Test
    void every_class_has_its_own_databases_and_leaves_none(@Source TestDatabase mine, @Target TestDatabase myTarget) {
        SEEN.clear();

        EngineExecutionResults results = run(OneClass.class, AnotherClass.class);

        results.testEvents().assertStatistics(events -> events.succeeded(3).failed(0));
        results.containerEvents().assertStatistics(events -> events.failed(0));
        assertThat(SEEN).hasSize(5).extracting(TestDatabase::name).doesNotHaveDuplicates();
        for (TestDatabase gone : SEEN) {
            TestDatabase there = gone.server() == mine.server() ? mine : myTarget;
            assertThat(there.server()).isSameAs(gone.server());
            assertThat(there.count("SELECT count(*) FROM pg_database WHERE datname = '" + gone.name() + "'"))
                    .as("%s after its class", gone)
                    .isZero();
        }
    }

    @Test
    void a_version_that_is_not_there_skips_the_class_with_the_reason(@Source TestDatabase source) {
        EngineExecutionResults results = run(OfAnotherAge.class);

        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        skippedWithReason(reason -> reason.contains("the source is not TimescaleDB <1.0")
                                && reason.contains(source.server().timescaleVersion())));
        results.testEvents().assertStatistics(events -> events.started(0));
    }

    @Test
    void a_version_that_is_there_runs_and_a_malformed_range_fails() {
        EngineExecutionResults results = run(OfEveryAge.class);

        results.testEvents().assertStatistics(events -> events.succeeded(1).failed(1));
        results.testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        finishedWithFailure(
                                rootCause(message(text -> text.contains("not a version range: 'newest'")))));
    }

    @Test
    void the_columnstore_is_tested_on_the_community_edition_only(
            @Source TestDatabase source, @Target TestDatabase target) {
        EngineExecutionResults results = run(OfTheCommunity.class);

        if (source.server().community() && target.server().community()) {
            results.testEvents().assertStatistics(events -> events.succeeded(1).skipped(0));
            results.testEvents().assertThatEvents().haveExactly(1, started());
        } else {
            results.testEvents().assertStatistics(events -> events.started(0).skipped(1));
            results.testEvents()
                    .assertThatEvents()
                    .haveExactly(
                            1,
                            event(
                                    test("compresses"),
                                    skippedWithReason(reason -> reason.contains("not the Community edition"))));
        }
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        EngineTestKit.Builder engine = EngineTestKit.engine("junit-jupiter");
        for (Class<?> each : classes) {
            engine.selectors(selectClass(each));
        }
        return engine.execute();
    }

    @ExtendWith(TimescaleExtension.class)
    static class OneClass {
        @Test
        void uses(@Source TestDatabase source, @Target TestDatabase target) throws SQLException {
            SEEN.add(source);
            SEEN.add(target);
            SEEN.add(target.createSibling("more"));
            // Left open on purpose: the database has to go all the same.
            Connection left = target.connect();
            assertThat(left.isClosed()).isFalse();
        }
    }

    @ExtendWith(TimescaleExtension.class)
    static class AnotherClass {
        @Test
        void uses(@Source TestDatabase source, @Target TestDatabase target) {
            SEEN.add(source);
            SEEN.add(target);
        }

        @Test
        void uses_the_same_again(@Source TestDatabase source, @Target TestDatabase target) {
            SEEN.add(source);
            SEEN.add(target);
        }
    }

    @RequiresTimescale("<1.0")
    static class OfAnotherAge {
        @Test
        void never_runs() {}
    }

    static class OfEveryAge {
        @Test
        @RequiresTimescale("1.0+")
        void runs() {}

        @Test
        @RequiresTimescale("newest")
        void fails() {}
    }

    static class OfTheCommunity {
        @Test
        @RequiresCommunity
        void compresses(@Source TestDatabase source) {
            source.execute(
                    "CREATE TABLE readings (at timestamptz NOT NULL)",
                    "SELECT create_hypertable('readings', 'at')",
                    "ALTER TABLE readings SET (timescaledb.compress)");
        }
    }
}
