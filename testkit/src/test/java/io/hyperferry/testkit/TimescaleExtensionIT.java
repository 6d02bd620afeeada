package io.hyperferry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TimescaleExtension.class)
class TimescaleExtensionIT {

    private static final String DEFAULT_VERSION =
            "SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb'";

    private final TestDatabase constructorSource;

    TimescaleExtensionIT(@Source TestDatabase source) {
        this.constructorSource = source;
    }

    @BeforeAll
    static void fill_the_source(@Source TestDatabase source) {
        source.execute("CREATE TABLE filled AS SELECT 42 AS answer");
    }

    @BeforeEach
    void the_class_has_one_source(@Source TestDatabase source) {
        assertThat(source).isSameAs(constructorSource);
    }

    @Test
    void source_and_target_are_two_servers(@Source TestDatabase source, @Target TestDatabase target) {
        assertThat(source.url()).isNotEqualTo(target.url());
        assertThat(source.server()).isNotSameAs(target.server());
        assertThat(source.count("SELECT answer FROM filled")).isEqualTo(42);
        assertThat(target.value("SELECT to_regclass('filled')")).isNull();
    }

    @Test
    void databases_have_the_version_that_the_server_tells(@Source TestDatabase source, @Target TestDatabase target) {
        for (TestDatabase database : List.of(source, target)) {
            assertThat(database.value("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'"))
                    .isEqualTo(database.server().timescaleVersion());
            assertThat(database.value("SHOW server_version"))
                    .startsWith(database.server().postgresVersion());
        }
    }

    @Test
    void the_version_that_is_set_is_the_one_that_is_there(@Source TestDatabase source, @Target TestDatabase target) {
        assertThat(source.server().timescaleVersion())
                .isEqualTo(Role.SOURCE.timescaleVersion().value().orElse(source.value(DEFAULT_VERSION)));
        assertThat(target.server().timescaleVersion())
                .isEqualTo(Role.TARGET.timescaleVersion().value().orElse(target.value(DEFAULT_VERSION)));
    }

    @Test
    void the_edition_is_what_a_continuous_aggregate_finds(@Target TestDatabase target) {
        target.execute("CREATE TABLE readings (at timestamptz NOT NULL)", "SELECT create_hypertable('readings', 'at')");
        String aggregate = """
                CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS
                SELECT time_bucket('1 hour', at) AS hour, count(*) FROM readings GROUP BY 1 WITH NO DATA
                """;

        if (target.server().community()) {
            target.execute(aggregate);
            assertThat(target.count("SELECT count(*) FROM timescaledb_information.continuous_aggregates"))
                    .isEqualTo(1);
        } else {
            assertThatIllegalStateException()
                    .isThrownBy(() -> target.execute(aggregate))
                    .withMessageContaining("license");
        }
    }

    @Test
    void connections_carry_the_name_of_the_tests(@Source TestDatabase source) throws SQLException {
        try (Connection connection = source.connect()) {
            assertThat(connection.getCatalog()).isEqualTo(source.name());
        }
        assertThat(source.value("SHOW application_name")).isEqualTo("hyperferry-test");
    }

    @Test
    void values_and_rows_are_the_text_of_the_server(@Source TestDatabase source) {
        List<String> row = new ArrayList<>(List.of("1", "t"));
        row.add(null);

        assertThat(source.rows("SELECT 1, true, NULL UNION ALL SELECT 1, true, NULL"))
                .containsExactly(row, row);
        assertThat(source.rows("SELECT 1 WHERE false")).isEmpty();
        assertThat(source.value("SELECT 'a', 'b'")).isEqualTo("a");
        assertThat(source.value("SELECT 1 WHERE false")).isNull();
        assertThat(source.value("SELECT NULL")).isNull();
        assertThatIllegalStateException().isThrownBy(() -> source.count("SELECT NULL"));
    }

    @Test
    void a_failed_statement_is_named_and_those_before_it_stay(@Source TestDatabase source) {
        assertThatIllegalStateException()
                .isThrownBy(() -> source.execute("CREATE TABLE first ()", "SELEC 2", "CREATE TABLE third ()"))
                .withMessageContainingAll("SELEC 2", "42601")
                .withCauseInstanceOf(SQLException.class);
        assertThat(source.value("SELECT to_regclass('first')")).isEqualTo("first");
        assertThat(source.value("SELECT to_regclass('third')")).isNull();
    }

    @Test
    void siblings_are_fresh_each_time(@Target TestDatabase target) {
        TestDatabase first = target.createSibling("other");
        TestDatabase second = target.createSibling("other");
        TestDatabase empty = target.createEmptySibling("empty");
        String extensions = "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'";

        assertThat(List.of(target.name(), first.name(), second.name(), empty.name()))
                .doesNotHaveDuplicates();
        assertThat(first.server()).isSameAs(target.server());
        assertThat(first.count(extensions)).isEqualTo(1);
        assertThat(second.count(extensions)).isEqualTo(1);
        assertThat(empty.count(extensions)).isZero();
    }

    @Test
    void a_sibling_whose_name_would_be_cut_is_refused(@Target TestDatabase target) {
        assertThatIllegalArgumentException().isThrownBy(() -> target.createSibling("Upper"));
        assertThatIllegalArgumentException().isThrownBy(() -> target.createSibling(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> target.createSibling("sixteen_letters_")
                        .createSibling("sixteen_letters_")
                        .createSibling("sixteen_letters_"))
                .withMessageContaining("shorten");
    }

    @Test
    void the_tools_are_of_the_servers_own_version_and_reach_it(@Source TestDatabase source)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(source.server().toolPrefix());
        command.addAll(List.of("pg_dump", "--schema-only", "--table=filled", "-h", source.host()));
        command.addAll(List.of("-p", Integer.toString(source.port()), "-U", source.user(), source.name()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PGPASSWORD", source.password());

        Process process = builder.start();
        String dump = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(dump)
                .contains("CREATE TABLE public.filled")
                .contains("-- Dumped by pg_dump version " + source.server().postgresVersion());
    }

    @Nested
    class NestedClass {

        @Test
        void shares_the_databases_of_its_outer_class(@Source TestDatabase source) {
            assertThat(source).isSameAs(constructorSource);
        }
    }
}
