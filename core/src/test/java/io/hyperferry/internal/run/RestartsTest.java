package io.hyperferry.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hyperferry.MigrationCancelledException;
import io.hyperferry.MigrationEvent;
import io.hyperferry.MigrationException;
import io.hyperferry.MigrationException.Code;
import io.hyperferry.PlanChangedException;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.internal.jdbc.Cancellation;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final Retries RETRIES = new Retries(2, Duration.ofMillis(1), Duration.ofMillis(2));

    private final List<MigrationEvent> events = new ArrayList<>();
    private final Cancellation cancellation = new Cancellation();
    private final Restarts restarts =
            new Restarts("run", RETRIES, new Events(events::add, new Watch()), cancellation, new RetryLog());
    private int attempts;

    private static MigrationException failed(Throwable cause) {
        return new MigrationException(Code.STEP_FAILED, "step 1 failed", cause);
    }

    private static MigrationException lost() {
        return failed(new SQLException("gone", "08006"));
    }

    private static PreflightException unreachable(String... states) {
        PreflightException unreachable = new PreflightException(
                List.of(Problem.blocking(Problem.Code.TARGET_UNREACHABLE, "target", "no answer.", "Check it.")));
        for (String state : states) {
            unreachable.addSuppressed(new SQLException("no answer", state));
        }
        return unreachable;
    }

    /** Fails so often, then succeeds; gives what came out of it. */
    private Throwable run(int failures, RuntimeException failure) {
        return catchThrowable(() -> restarts.run(() -> {
            if (attempts++ < failures) {
                throw failure;
            }
            return attempts;
        }));
    }

    @Test
    void a_failure_that_may_pass_is_got_over() {
        assertThat(run(2, lost())).isNull();
        assertThat(attempts).isEqualTo(3);
        assertThat(events).hasSize(2);
    }

    @Test
    void in_the_end_it_gives_up_and_says_how_to_go_on() {
        assertThat(run(3, lost()))
                .hasMessage("step 1 failed. The run was restarted 2 times in a row without progress.");
        assertThat(attempts).isEqualTo(3);
    }

    @Test
    void what_is_final_ends_it_at_once() {
        List<RuntimeException> finals = List.of(
                failed(new SQLException("duplicate key", "23505")),
                failed(new IOException("pg_dump failed with exit code 1")),
                failed(new StepFailure("copying failed", new SQLException("disk full", "53100"), true)),
                new MigrationException(Code.NOT_IDENTICAL, "different", new SQLException("gone", "08006")),
                new MigrationException(Code.ALREADY_RUNNING, "another process is running a migration", null),
                new PlanChangedException(List.of("splitBy")),
                new MigrationCancelledException(),
                unreachable("08001"),
                new IllegalStateException("a bug"));
        for (RuntimeException each : finals) {
            attempts = 0;
            assertThat(run(1, each)).isSameAs(each);
            assertThat(restarts.follows(each)).as("%s", each).isFalse();
        }
        assertThat(events).isEmpty();
    }

    @Test
    void sides_that_were_there_before_may_come_back() {
        restarts.connected();
        assertThat(run(1, unreachable("08001"))).isNull();
        assertThat(run(9, unreachable("57P03", "08001")))
                .hasMessageContaining("Run it again when source and target can be connected to.");
    }

    @Test
    void a_wrong_password_does_not_pass() {
        restarts.connected();
        assertThat(run(1, unreachable("08001", "28P01"))).isInstanceOf(PreflightException.class);
        assertThat(run(2, unreachable())).as("problems of another kind").isInstanceOf(PreflightException.class);
    }

    @Test
    void nothing_begins_anew_after_a_cancellation() {
        cancellation.cancel();
        assertThat(run(1, lost())).hasMessage("step 1 failed");
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void pauses_double_up_to_the_longest_and_differ_by_a_quarter() {
        Retries retries = new Retries(8, Duration.ofMillis(500), Duration.ofSeconds(30));
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            assertThat(retries.pause(1, random)).isBetween(Duration.ofMillis(375), Duration.ofMillis(625));
            assertThat(retries.pause(3, random)).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(2_500));
            assertThat(retries.pause(1_000, random)).isBetween(Duration.ofMillis(22_500), Duration.ofMillis(37_500));
        }
    }
}
