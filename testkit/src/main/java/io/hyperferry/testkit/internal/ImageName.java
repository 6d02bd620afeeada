package io.hyperferry.testkit.internal;

import io.hyperferry.testkit.internal.Setting.NullableLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the Docker image that the tests use. */
public final class ImageName {

    /** The image, when somebody names one; see {@code dev/timescaledb} for what happens otherwise. */
    public static final Setting SETTING = new Setting("hyperferry.test.image", "TIMESCALEDB_IMAGE");

    private static final String SCRIPT = "dev/timescaledb";

    // The script may have to pull an image or to make one from packages.
    private static final long SCRIPT_MINUTES = 15;

    private ImageName() {}

    /**
     * The image that a setting of one role tells, or else the common one that is set, or else the one that
     * {@code dev/timescaledb} prints.
     *
     * @param role where the image of one role is told
     * @throws IllegalStateException when there is none; the message says what to do
     */
    public static String find(Setting role) {
        return find(role, System::getProperty, System::getenv, Path.of("").toAbsolutePath());
    }

    static String find(Setting role, NullableLookup properties, NullableLookup environment, Path directory) {
        return role.value(properties, environment)
                .or(() -> SETTING.value(properties, environment))
                .orElseGet(() -> printedBy(script(directory)
                        .orElseThrow(() -> new IllegalStateException("no TimescaleDB image: there is no " + SCRIPT
                                + " in or above the working directory; run dev/test, or set TIMESCALEDB_IMAGE"))));
    }

    /** The script in a directory or the nearest one above that has it. */
    static Optional<Path> script(Path directory) {
        for (Path current = directory; current != null; current = current.getParent()) {
            Path script = current.resolve(SCRIPT);
            if (Files.isExecutable(script)) {
                return Optional.of(script);
            }
        }
        return Optional.empty();
    }

    /** The one line that a script prints. */
    static String printedBy(Path script) {
        try {
            Path output = Files.createTempFile("hyperferry-image", ".txt");
            try {
                Process process = new ProcessBuilder(script.toString())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                if (!process.waitFor(SCRIPT_MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw noImage(script, "did not end within " + SCRIPT_MINUTES + " minutes", null);
                }
                String image = Files.readString(output).strip();
                if (process.exitValue() != 0 || image.isEmpty()) {
                    throw noImage(script, "failed with status " + process.exitValue(), null);
                }
                return image;
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw noImage(script, "could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noImage(script, "was interrupted", e);
        }
    }

    private static IllegalStateException noImage(Path script, String what, @Nullable Exception cause) {
        return new IllegalStateException(
                "no TimescaleDB image: " + script + " " + what
                        + " (its messages are on standard error); run dev/test, or set TIMESCALEDB_IMAGE",
                cause);
    }
}
