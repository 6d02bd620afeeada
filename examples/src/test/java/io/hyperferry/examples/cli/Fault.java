package io.hyperferry.examples.cli;

import io.hyperferry.testkit.Faults;
import io.hyperferry.testkit.TcpProxy;
import io.hyperferry.testkit.TestDatabase;

/** What happens to a migration under way. */
enum Fault {
    /** Nothing, to see that the others are what fails. */
    NONE {
        @Override
        void strike(Stage stage) {}
    },
    TERMINATE_SOURCE {
        @Override
        void strike(Stage stage) {
            Faults.terminateBackends(stage.source(), "hyperferry");
        }
    },
    TERMINATE_TARGET {
        @Override
        void strike(Stage stage) {
            Faults.terminateBackends(stage.target(), "hyperferry");
        }
    },
    TERMINATE_WORKERS {
        @Override
        void strike(Stage stage) {
            stage.target().execute(terminateWhere("query LIKE 'COPY%'"));
        }
    },
    LOSE_SNAPSHOT {
        @Override
        void strike(Stage stage) {
            stage.source().execute(terminateWhere("query LIKE '%pg_export_snapshot%'"));
        }
    },
    CRASH_SOURCE {
        @Override
        void strike(Stage stage) {
            Faults.crash(stage.source());
        }
    },
    CRASH_TARGET {
        @Override
        void strike(Stage stage) {
            Faults.crash(stage.target());
        }
    },
    CUT_SOURCE {
        @Override
        void strike(Stage stage) {
            stage.toSource().cut();
        }
    },
    CUT_TARGET {
        @Override
        void strike(Stage stage) {
            stage.toTarget().cut();
        }
    },
    CUT_IN_A_ROW {
        @Override
        void strike(Stage stage) {
            stage.toTarget().cutAfter(20_000, TcpProxy.Direction.TO_SERVER);
            stage.toSource().cutAfter(20_000, TcpProxy.Direction.TO_CLIENT);
        }
    },
    CUT_ANSWER_TO_COMMIT {
        @Override
        void strike(Stage stage) {
            // As the protocol ends a statement, which tells it from READ COMMITTED.
            stage.toTarget().cutAnswerTo("COMMIT\0");
        }
    },
    NO_SOURCE_FOR_A_WHILE {
        @Override
        void strike(Stage stage) throws InterruptedException {
            forAWhile(stage.toSource());
        }
    },
    NO_TARGET_FOR_A_WHILE {
        @Override
        void strike(Stage stage) throws InterruptedException {
            forAWhile(stage.toTarget());
        }
    },
    STALL {
        @Override
        void strike(Stage stage) throws InterruptedException {
            stage.toSource().stall();
            stage.toTarget().stall();
            Thread.sleep(WHILE_MILLIS);
            stage.toTarget().restore();
            stage.toSource().restore();
        }
    };

    private static final long WHILE_MILLIS = 700;

    /** Where a migration runs. */
    record Stage(TestDatabase source, TestDatabase target, TcpProxy toSource, TcpProxy toTarget) {}

    /** Lets it happen. */
    abstract void strike(Stage stage) throws InterruptedException;

    private static String terminateWhere(String condition) {
        return "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'hyperferry' AND " + condition;
    }

    private static void forAWhile(TcpProxy network) throws InterruptedException {
        network.takeDown();
        Thread.sleep(WHILE_MILLIS);
        network.restore();
    }
}
