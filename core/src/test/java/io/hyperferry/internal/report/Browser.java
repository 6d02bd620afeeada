package io.hyperferry.internal.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Chromium without a window, which speaks the <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a> over a
 * pipe: there is no port to wait for. Not thread-safe, but for {@link #close}.
 */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    /** The browser reads commands from its descriptor 3 and answers on 4; a process of Java has the first three alone. */
    private static final String PIPE = "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null";

    private static final String LOAD_EVENT = "Page.loadEventFired";

    /** What is asked for while the page is laid out has been asked for by then. */
    private static final String DRAWN =
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";

    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final OutputStream commands;
    private final InputStream answers;
    private final List<JsonNode> events = new ArrayList<>();
    private String session = "";
    private int lastId;

    private Browser(Process process) {
        this.process = process;
        this.commands = process.getOutputStream();
        this.answers = new BufferedInputStream(process.getInputStream());
    }

    /** The program, if this machine has it. */
    static Optional<Path> installed() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return NAMES.stream()
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(it -> Path.of(it, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it, with one empty tab.
     *
     * @param directory for its profile and log
     */
    static Browser start(Path program, Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        PIPE,
                        program.toString(),
                        "--remote-debugging-pipe",
                        "--headless",
                        "--no-sandbox", // not for root otherwise, and the page is our own
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--user-data-dir=" + directory.resolve("profile"))
                .redirectError(directory.resolve("browser.log").toFile())
                .start();
        Browser browser = new Browser(process);
        try {
            browser.openTab();
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException(
                    program + " does not answer: " + Files.readString(directory.resolve("browser.log")), e);
        }
        return browser;
    }

    private void openTab() throws IOException {
        String tab = call("Target.createTarget", object().put("url", "about:blank"))
                .path("targetId")
                .asText();
        session = call("Target.attachToTarget", object().put("targetId", tab).put("flatten", true))
                .path("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", object());
        }
    }

    /** Opens a page on a screen of this size, as a phone does it when it is asked to, and waits until it is there. */
    void open(Path page, int width, int height, boolean phone) throws IOException {
        call(
                "Emulation.setDeviceMetricsOverride",
                object().put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", phone));
        events.clear();
        call("Page.navigate", object().put("url", page.toUri().toString()));
        while (events.stream().noneMatch(it -> method(it).equals(LOAD_EVENT))) {
            events.add(read());
        }
        evaluate(DRAWN);
    }

    /** Has pages ask for these colours: {@code light} or {@code dark}. */
    void colours(String scheme) throws IOException {
        ObjectNode media = object();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", scheme);
        call("Emulation.setEmulatedMedia", media);
    }

    /** What an expression of JavaScript gives on the page, whatever the page itself forbids to scripts. */
    JsonNode evaluate(String expression) throws IOException {
        JsonNode answer = call(
                "Runtime.evaluate",
                object().put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(expression + " failed: " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** What happened since the page was opened, for a method of the protocol. */
    List<JsonNode> events(String method) {
        return events.stream()
                .filter(it -> method(it).equals(method))
                .map(it -> it.path("params"))
                .toList();
    }

    private static String method(JsonNode event) {
        return event.path("method").asText();
    }

    private ObjectNode object() {
        return json.createObjectNode();
    }

    private JsonNode call(String method, ObjectNode parameters) throws IOException {
        send(method, parameters);
        while (true) {
            JsonNode message = read();
            if (!message.has("id")) {
                events.add(message);
            } else if (message.path("id").asInt() == lastId) {
                if (message.has("error")) {
                    throw new IOException(method + " failed: " + message.path("error"));
                }
                return message.path("result");
            }
        }
    }

    private void send(String method, ObjectNode parameters) throws IOException {
        lastId++;
        ObjectNode command = object().put("id", lastId).put("method", method);
        command.set("params", parameters);
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        commands.write(json.writeValueAsBytes(command));
        commands.write(0);
        commands.flush();
    }

    /** The next message; each ends with a zero byte. */
    private JsonNode read() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int next = answers.read(); next != 0; next = answers.read()) {
            if (next < 0) {
                throw new EOFException("the browser has ended");
            }
            message.write(next);
        }
        return json.readTree(message.toString(StandardCharsets.UTF_8));
    }

    /** Ends it, with all the processes that it has started. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        session = "";
        try {
            send("Browser.close", object());
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            // It has ended by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
