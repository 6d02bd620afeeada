package io.hyperferry.copy.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Exceptions without row values. The driver puts the server's detail and context into its message, as in "Key
 * (email)=(…) already exists"; whoever wraps that exception often repeats its text.
 */
final class SafeErrors {

    private static final Pattern QUOTED = Pattern.compile("[\"'«»„“”].*[\"'«»„“”]", Pattern.DOTALL);

    private SafeErrors() {}

    /** The same exception when nothing in it can hold a value, otherwise its likeness without them. */
    static Throwable clean(Throwable error) {
        List<Throwable> all = new ArrayList<>();
        collect(error, all, Collections.newSetFromMap(new IdentityHashMap<>()));
        List<String> secrets = new ArrayList<>();
        for (Throwable each : all) {
            addSecrets(each, secrets);
        }
        return secrets.isEmpty() ? error : likeness(error, secrets, 0);
    }

    /** The words for an exception that is clean. */
    static String words(Throwable clean) {
        String message = clean instanceof PSQLException e ? text(e) : clean.getMessage();
        return message == null || message.isBlank() ? clean.getClass().getSimpleName() : message;
    }

    /** The first SQLState along the causes. */
    static @Nullable String sqlState(Throwable error) {
        SQLException found = find(error, SQLException.class, e -> e.getSQLState() != null);
        return found == null ? null : found.getSQLState();
    }

    /** The first exception of a type along the causes. */
    static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        return find(error, type, e -> true);
    }

    private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type, Predicate<T> wanted) {
        Throwable each = error;
        for (int depth = 0; each != null && depth < 50; depth++) {
            if (type.isInstance(each) && wanted.test(type.cast(each))) {
                return type.cast(each);
            }
            each = each.getCause();
        }
        return null;
    }

    private static void collect(@Nullable Throwable error, List<Throwable> all, Set<Throwable> seen) {
        if (error == null || !seen.add(error)) {
            return;
        }
        all.add(error);
        collect(error.getCause(), all, seen);
        if (error instanceof SQLException e) {
            collect(e.getNextException(), all, seen);
        }
        for (Throwable suppressed : error.getSuppressed()) {
            collect(suppressed, all, seen);
        }
    }

    private static void addSecrets(Throwable error, List<String> secrets) {
        if (!(error instanceof SQLException sql)) {
            return;
        }
        ServerErrorMessage server = serverMessage(sql);
        if (server == null) {
            addUnlessSame(sql.getMessage(), withoutData(sql.getMessage(), sql.getSQLState()), secrets);
        } else {
            addUnlessSame(server.getMessage(), serverText(server), secrets);
            addUnlessSame(server.getDetail(), null, secrets);
            addUnlessSame(server.getWhere(), null, secrets);
            addUnlessSame(server.getInternalQuery(), null, secrets);
        }
    }

    private static void addUnlessSame(@Nullable String said, @Nullable String shown, List<String> secrets) {
        if (said != null && !said.isBlank() && !said.equals(shown)) {
            secrets.add(said);
        }
    }

    private static Throwable likeness(Throwable error, List<String> secrets, int depth) {
        Throwable clean;
        if (error instanceof SQLException sql) {
            String text = text(sql);
            clean = new SQLException(
                    tells(text, secrets) ? error.getClass().getSimpleName() : text,
                    sql.getSQLState(),
                    sql.getErrorCode());
        } else {
            String message = error.getMessage();
            clean = new WithoutValues(
                    message == null || tells(message, secrets)
                            ? error.getClass().getName()
                            : error.getClass().getName() + ": " + message);
        }
        clean.setStackTrace(error.getStackTrace());
        Throwable cause = error.getCause();
        if (cause != null && depth < 20) {
            clean.initCause(likeness(cause, secrets, depth + 1));
        }
        return clean;
    }

    private static boolean tells(String text, List<String> secrets) {
        return secrets.stream().anyMatch(text::contains);
    }

    private static String text(SQLException error) {
        ServerErrorMessage server = serverMessage(error);
        if (server == null) {
            String said = withoutData(error.getMessage(), error.getSQLState());
            String text = said == null ? error.getClass().getSimpleName() : said;
            return error.getSQLState() == null ? text : text + " (SQLState " + error.getSQLState() + ")";
        }
        StringBuilder text = new StringBuilder(serverText(server));
        boolean raised = raised(server);
        if (server.getHint() != null && !raised) {
            text.append(". Hint: ").append(server.getHint());
        }
        text.append(" (SQLState ").append(server.getSQLState());
        if (server.getConstraint() != null && !raised) {
            text.append(", constraint ").append(server.getConstraint());
        }
        return text.append(')').toString();
    }

    private static String serverText(ServerErrorMessage server) {
        if (raised(server)) {
            return "a function raised an error, whose text is left out because it can hold values";
        }
        return String.valueOf(withoutData(server.getMessage(), server.getSQLState()));
    }

    /** PL/pgSQL's RAISE, whatever SQLState it chose. */
    private static boolean raised(ServerErrorMessage server) {
        return "exec_stmt_raise".equals(server.getRoutine());
    }

    /** Class 22, data exceptions, quotes what it does not like, in quotes or after a colon. */
    private static @Nullable String withoutData(@Nullable String message, @Nullable String sqlState) {
        if (message == null || sqlState == null || !sqlState.startsWith("22")) {
            return message;
        }
        String masked = QUOTED.matcher(message).replaceAll("\"…\"");
        int colon = masked.indexOf(": ");
        return (colon < 0 ? masked : masked.substring(0, colon)).strip();
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException error) {
        return error instanceof PSQLException e ? e.getServerErrorMessage() : null;
    }

    /** Stands for an exception whose own words, or those of a cause, repeat what the server said. */
    private static final class WithoutValues extends RuntimeException {

        private static final long serialVersionUID = 1;

        WithoutValues(String message) {
            super(message);
        }
    }
}
