package io.hyperferry.examples.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal behind standard error, if there is one. It is asked through the shell: {@code System.console()} looks at the other two
 * streams, and the progress bar's own way loads a native library into a temporary file and takes over Ctrl-C.
 */
final class Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,4})");

    private Terminal() {}

    /** The number of columns; empty when standard error is no terminal, or nobody can tell. */
    static OptionalInt width() {
        try {
            Process shell = new ProcessBuilder("sh", "-c", "test -t 2 && stty size <&2")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (shell.waitFor() != 0) {
                return OptionalInt.empty();
            }
            Matcher size = SIZE.matcher(answer.strip());
            int columns = size.matches() ? Integer.parseInt(size.group(1)) : 0;
            return OptionalInt.of(columns > 0 ? columns : USUAL_WIDTH);
        } catch (IOException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }
}
