package io.hyperferry.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The Kubernetes manifest is a Job whose pods are workers, in words that the command line knows. */
class WorkerJobTest {
    private Map<?, ?> job;
    private Map<?, ?> container;

    @BeforeEach
    void read() throws IOException {
        Path file = Path.of("kubernetes", "worker-job.yaml");
        job = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        List<?> containers = (List<?>) at(job, "spec", "template", "spec", "containers");
        assertThat(containers).hasSize(1);
        container = (Map<?, ?>) containers.get(0);
    }

    private static Object at(Map<?, ?> from, String... path) {
        Object value = from;
        for (String key : path) {
            value = Objects.requireNonNull(((Map<?, ?>) value).get(key), () -> key + " in " + List.of(path));
        }
        return value;
    }

    private static List<String> words(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    @Test
    void it_is_a_queue_of_work_whose_pods_come_again_when_they_fail() {
        assertThat(job.get("apiVersion")).isEqualTo("batch/v1");
        assertThat(job.get("kind")).isEqualTo("Job");
        Map<?, ?> spec = (Map<?, ?>) at(job, "spec");
        assertThat((Integer) at(spec, "parallelism")).isGreaterThan(1);
        assertThat(spec.containsKey("completions")).isFalse();
        assertThat(at(spec, "template", "spec", "restartPolicy")).isEqualTo("OnFailure");
    }

    @Test
    void its_words_are_a_command_line_that_gets_as_far_as_the_servers() {
        Map<String, String> nowhere = Map.of(
                "HYPERFERRY_SOURCE", "postgres://app:hush@localhost:1/metrics\n",
                "HYPERFERRY_TARGET", "postgres://app:hush@localhost:2/metrics\n");

        Captured worker = Captured.run(nowhere, words(at(container, "args")).toArray(String[]::new));

        assertThat(words(at(container, "args"))).startsWith("work");
        assertThat(words(at(container, "command"))).startsWith("java").contains("-jar");
        assertThat(worker.exit()).as(worker.err()).isEqualTo(Exit.PREFLIGHT);
        assertThat(worker.err()).contains("error SOURCE_UNREACHABLE", "error TARGET_UNREACHABLE");
    }

    @Test
    void the_urls_come_from_a_secret_and_no_password_is_written_down() {
        List<?> environment = (List<?>) at(container, "env");
        assertThat(environment)
                .extracting(it -> String.valueOf(((Map<?, ?>) it).get("name")))
                .containsExactly(SideOptions.variable("source"), SideOptions.variable("target"));
        assertThat(environment).allSatisfy(it -> {
            assertThat(((Map<?, ?>) it).containsKey("value")).isFalse();
            assertThat(at((Map<?, ?>) it, "valueFrom", "secretKeyRef", "key")).isNotNull();
        });
        assertThat(Stream.of("command", "args").flatMap(it -> words(at(container, it)).stream()))
                .noneMatch(it -> it.contains("://"));
    }
}
