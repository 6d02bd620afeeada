package io.hyperferry.copy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.copy.CopyException;
import io.hyperferry.copy.CopyTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class SafeErrorsTest {

    private static final CopyTask TASK = new CopyTask("metrics", "COPY a TO STDOUT", "COPY a FROM STDIN");

    @Test
    void detail_and_context_are_left_out() {
        CopyException failure = Failures.of(TASK, null, duplicate());

        assertThat(failure)
                .hasMessage("Copying metrics failed: duplicate key value violates unique constraint \"m_pkey\""
                        + ". Hint: try another (SQLState 23505, constraint m_pkey)");
        assertThat(failure.sqlState()).contains("23505");
        assertThat(failure.task()).contains(TASK);
        assertThat(stack(failure)).doesNotContain("s3cret");
        assertThat(failure)
                .hasCauseInstanceOf(SQLException.class)
                .cause()
                .satisfies(cause -> assertThat(cause.getStackTrace()).isNotEmpty());
    }

    @Test
    void a_wrapper_that_repeats_the_server_loses_its_words() {
        PSQLException server = duplicate();
        CopyException failure =
                Failures.of(TASK, null, new IllegalStateException("SQL [insert]; " + server.getMessage(), server));

        assertThat(stack(failure)).doesNotContain("s3cret").contains("IllegalStateException");
        assertThat(failure.sqlState()).contains("23505");
    }

    @Test
    void a_wrapper_with_words_of_its_own_keeps_them() {
        CopyException failure = Failures.of(TASK, null, new IllegalStateException("no mark for slice 7", duplicate()));

        assertThat(failure).hasMessageContaining("no mark for slice 7");
        assertThat(stack(failure)).doesNotContain("s3cret");
    }

    @Test
    void a_batch_that_names_its_values_loses_them() {
        PSQLException server = duplicate();
        BatchUpdateException batch = new BatchUpdateException(
                "Batch entry 0 insert into m values ('s3cret') was aborted: " + server.getMessage(),
                "23505",
                new int[0],
                server);

        assertThat(stack(Failures.of(TASK, null, batch)))
                .doesNotContain("s3cret")
                .contains("duplicate key");
    }

    @Test
    void values_in_data_exceptions_are_masked() {
        assertThat(SafeErrors.words(SafeErrors.clean(server("22P02", "invalid input value for enum e: \"s3cret\""))))
                .isEqualTo("invalid input value for enum e (SQLState 22P02)");
        assertThat(SafeErrors.words(SafeErrors.clean(server("22003", "value \"s3cret\" is out of range"))))
                .isEqualTo("value \"…\" is out of range (SQLState 22003)");
        assertThat(stack(SafeErrors.clean(
                        new PSQLException("Bad value for type int : s3cret", PSQLState.NUMERIC_VALUE_OUT_OF_RANGE))))
                .doesNotContain("s3cret");
    }

    @Test
    void what_a_function_raised_is_left_out() {
        PSQLException raised = new PSQLException(
                new ServerErrorMessage("SERROR\0CP0001\0Ms3cret is bad\0Hs3cret too\0Rexec_stmt_raise\0"));

        assertThat(stack(Failures.of(TASK, null, raised)))
                .doesNotContain("s3cret")
                .contains("a function raised an error");
    }

    @Test
    void an_exception_without_values_stays_itself() {
        IllegalStateException mine = new IllegalStateException("mine", new IOException("disk"));
        SQLException plain = server("42P01", "relation \"m\" does not exist");

        assertThat(SafeErrors.clean(mine)).isSameAs(mine);
        assertThat(SafeErrors.clean(plain)).isSameAs(plain);
        assertThat(SafeErrors.words(plain)).isEqualTo("relation \"m\" does not exist (SQLState 42P01)");
    }

    private static PSQLException server(String state, String message) {
        return new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0M" + message + "\0"));
    }

    private static PSQLException duplicate() {
        return new PSQLException(new ServerErrorMessage("SERROR\0C23505\0"
                + "Mduplicate key value violates unique constraint \"m_pkey\"\0Htry another\0"
                + "DKey (id)=(s3cret) already exists.\0WCOPY m, line 1: \"s3cret\"\0nm_pkey\0"));
    }

    private static String stack(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
