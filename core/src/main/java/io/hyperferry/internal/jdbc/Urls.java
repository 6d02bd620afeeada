package io.hyperferry.internal.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** The two spellings of a PostgreSQL URL: libpq's and JDBC's. */
public final class Urls {
    private static final Pattern LIBPQ = Pattern.compile(
            "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?]*)(?:/(?<database>[^?]*))?(?:\\?(?<parameters>.*))?");

    /** What libpq and pgjdbc name differently. */
    private static final Map<String, String> JDBC_NAMES = Map.of(
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout",
            "channel_binding", "channelBinding",
            "gssencmode", "gssEncMode",
            "keepalives", "tcpKeepAlive",
            "sslnegotiation", "sslNegotiation");

    private static final Map<String, String> KEEP_ALIVE = Map.of("0", "false", "1", "true");

    /** The authorities that the machine trusts, in libpq's word and pgjdbc's. */
    static final String SYSTEM_ROOTS = "system";

    static final String SYSTEM_ROOTS_FACTORY = "org.postgresql.ssl.DefaultJavaSSLFactory";

    private Urls() {}

    /**
     * A URL, taken apart.
     *
     * @param jdbc the URL for JDBC, without user and password
     * @param user the user, or null
     * @param password the password, or null
     */
    public record Parsed(
            String jdbc, @Nullable String user, @Nullable String password) {
        /** Host, port and database. */
        public String location() {
            int parameters = jdbc.indexOf('?');
            return jdbc.substring("jdbc:postgresql:".length(), parameters < 0 ? jdbc.length() : parameters)
                    .replaceFirst("^//", "");
        }

        /** Has no password. */
        @Override
        public String toString() {
            return location();
        }
    }

    /**
     * Takes a URL apart.
     *
     * @throws IllegalArgumentException when it is no PostgreSQL URL
     */
    public static Parsed parse(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return parseJdbc(url);
        }
        Matcher parts = LIBPQ.matcher(url);
        if (!parts.matches()
                || parts.group("database") == null
                || parts.group("database").isEmpty()) {
            throw notAUrl();
        }
        String hosts = parts.group("hosts").isEmpty() ? "localhost" : parts.group("hosts");
        String jdbc = "jdbc:postgresql://" + hosts + "/" + plusAsItself(parts.group("database"))
                + parameters(parts.group("parameters"));
        Parsed parsed = parseJdbc(jdbc);
        return new Parsed(
                parsed.jdbc(),
                parts.group("user") == null || parts.group("user").isEmpty()
                        ? parsed.user()
                        : decode(plusAsItself(parts.group("user"))),
                parts.group("password") == null ? parsed.password() : decode(plusAsItself(parts.group("password"))));
    }

    private static Parsed parseJdbc(String url) {
        // JDBC takes no user before the host: it would take a password for a part of the host's name, and show it.
        if (url.split("\\?", 2)[0].contains("@")) {
            throw notAUrl();
        }
        // The driver's own parser decides whether it is a URL.
        Properties properties = Driver.parseURL(url, null);
        if (properties == null || properties.getProperty("PGDBNAME") == null) {
            throw notAUrl();
        }
        int question = url.indexOf('?');
        if (question < 0) {
            return new Parsed(url, null, null);
        }
        StringBuilder kept = new StringBuilder();
        String user = null;
        String password = null;
        for (String parameter : url.substring(question + 1).split("&", -1)) {
            if (parameter.startsWith("user=")) {
                user = decode(parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decode(parameter.substring("password=".length()));
            } else if (!parameter.isEmpty()) {
                kept.append(kept.length() == 0 ? '?' : '&').append(parameter);
            }
        }
        return new Parsed(url.substring(0, question) + kept, user, password);
    }

    private static String parameters(@Nullable String libpq) {
        if (libpq == null || libpq.isEmpty()) {
            return "";
        }
        StringBuilder jdbc = new StringBuilder();
        for (String parameter : libpq.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                jdbc.append(jdbc.length() == 0 ? '?' : '&')
                        .append(parameter(parameter.substring(0, equals), parameter.substring(equals + 1)));
            }
        }
        return jdbc.toString();
    }

    private static String parameter(String name, String value) {
        if (name.equals("keepalives")) {
            return JDBC_NAMES.get(name) + "=" + KEEP_ALIVE.getOrDefault(value, value);
        }
        if (name.equals("sslrootcert") && value.equals(SYSTEM_ROOTS)) {
            return "sslfactory=" + SYSTEM_ROOTS_FACTORY;
        }
        return JDBC_NAMES.getOrDefault(name, name) + "=" + plusAsItself(value);
    }

    /** A plus sign stands for itself in libpq's URLs, and for a space in JDBC's, as in a form. */
    private static String plusAsItself(String text) {
        return text.replace("+", "%2B");
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Its message quotes the text, which may be a password.
            throw notAUrl();
        }
    }

    private static IllegalArgumentException notAUrl() {
        return new IllegalArgumentException("not a PostgreSQL URL: write postgres://user:password@host:port/database or"
                + " jdbc:postgresql://host:port/database?user=…");
    }
}
