package io.hyperferry.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNameTest {

    @TempDir
    Path project;

    @Test
    void finds_the_script_above_a_module() throws IOException {
        Path script = script("exit 0");
        Path module = Files.createDirectories(project.resolve("core/target"));

        assertThat(ImageName.script(module)).contains(script);
    }

    @Test
    void finds_no_script_where_there_is_none() {
        assertThat(ImageName.script(project)).isEmpty();
    }

    @Test
    void takes_the_line_that_the_script_prints() throws IOException {
        assertThat(ImageName.printedBy(script("echo some/image:tag"))).isEqualTo("some/image:tag");
    }

    @Test
    void says_what_to_do_when_the_script_fails() throws IOException {
        Path script = script("echo half; exit 3");

        assertThatIllegalStateException()
                .isThrownBy(() -> ImageName.printedBy(script))
                .withMessageContainingAll("status 3", "dev/test", "TIMESCALEDB_IMAGE");
    }

    @Test
    void says_what_to_do_when_the_script_prints_nothing() throws IOException {
        Path script = script("exit 0");

        assertThatIllegalStateException()
                .isThrownBy(() -> ImageName.printedBy(script))
                .withMessageContaining("TIMESCALEDB_IMAGE");
    }

    @Test
    void takes_the_image_of_the_role_before_the_common_one_before_the_script() throws IOException {
        Setting role = Setting.of("hyperferry.test.target.image");
        script("echo of/script");
        Map<String, String> environment = Map.of("TIMESCALEDB_IMAGE", "common", role.variable(), "of/target");
        Map<String, String> common = Map.of("TIMESCALEDB_IMAGE", "common");
        Map<String, String> blank = Map.of("TIMESCALEDB_IMAGE", "common", role.variable(), " ");

        assertThat(ImageName.find(role, name -> null, environment::get, project))
                .isEqualTo("of/target");
        assertThat(ImageName.find(role, name -> null, common::get, project)).isEqualTo("common");
        assertThat(ImageName.find(role, name -> null, blank::get, project)).isEqualTo("common");
        assertThat(ImageName.find(role, Map.of(role.property(), "of/property")::get, environment::get, project))
                .isEqualTo("of/property");
        assertThat(ImageName.find(role, name -> null, name -> null, project)).isEqualTo("of/script");
    }

    private Path script(String body) throws IOException {
        Path script = Files.createDirectories(project.resolve("dev")).resolve("timescaledb");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
