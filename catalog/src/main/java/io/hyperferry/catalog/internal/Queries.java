package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.QualifiedName;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Runs catalog queries on one connection, and says which schemas belong to users. */
public final class Queries {
    private static final String IGNORED_SCHEMAS = "n.nspname <> ALL (?)";

    private final DSLContext jooq;
    private final Set<String> ignored;
    private final String[] ignoredSchemas;

    public Queries(Connection connection, Set<String> ignoredSchemas) {
        this.jooq = DSL.using(connection, SQLDialect.POSTGRES);
        this.ignored = ignoredSchemas;
        this.ignoredSchemas = ignoredSchemas.toArray(String[]::new);
    }

    <T> List<T> list(String sql, Function<Record, T> row, Object... values) {
        return jooq.resultQuery(sql, values).fetch().map(row::apply);
    }

    /**
     * Like {@link #list}, for a query that has {@code {user_object}} where a catalog row must be an object of a user: in a schema
     * {@code n} that belongs neither to PostgreSQL nor to TimescaleDB, and not itself a member of an extension.
     *
     * @param catalog the system catalog that the row comes from, for example {@code pg_class}
     * @param oid the expression for the row's OID, for example {@code c.oid}
     */
    <T> List<T> listOfUsers(String sql, String catalog, String oid, Function<Record, T> row) {
        String condition = condition(catalog, oid);
        String complete = sql.replace("{user_object}", condition);
        // Every condition has one place for the schemas to ignore.
        Object[] values = new Object[complete.split(Pattern.quote(IGNORED_SCHEMAS), -1).length - 1];
        Arrays.fill(values, ignoredSchemas);
        return list(complete, row, values);
    }

    /** The condition that {@link #listOfUsers} puts in; a query that has it elsewhere, too, goes through that method. */
    String condition(String catalog, String oid) {
        return """
                (n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
                 AND NOT EXISTS (SELECT FROM pg_depend e JOIN pg_extension x ON x.oid = e.refobjid
                     WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid
                       AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e' AND x.extname = 'timescaledb')
                 AND NOT EXISTS (SELECT FROM pg_depend e
                     WHERE e.classid = '{catalog}'::regclass AND e.objid = {oid} AND e.deptype = 'e'))""".replace("{catalog}", catalog).replace("{oid}", oid);
    }

    /** Whether an object's schema is one to pass over. */
    boolean ignores(QualifiedName name) {
        return ignored.contains(name.schema());
    }

    public String text(String sql, Object... values) {
        String text = optionalText(sql, values);
        if (text == null) {
            throw new IllegalStateException("no answer to: " + sql);
        }
        return text;
    }

    @Nullable
    String optionalText(String sql, Object... values) {
        Record row = jooq.resultQuery(sql, values).fetchOne();
        return row == null ? null : row.get(0, String.class);
    }

    boolean holds(String sql, Object... values) {
        return Boolean.parseBoolean(text("SELECT CASE WHEN (" + sql + ") THEN 'true' ELSE 'false' END", values));
    }

    static String string(Record row, String column) {
        return present(row.get(column, String.class), column);
    }

    static @Nullable String optionalString(Record row, String column) {
        return row.get(column, String.class);
    }

    static long number(Record row, String column) {
        return present(row.get(column, Long.class), column);
    }

    static @Nullable Long optionalNumber(Record row, String column) {
        return row.get(column, Long.class);
    }

    /** The texts of an array; null when the array is. */
    static @Nullable List<String> optionalStrings(Record row, String column) {
        String[] values = row.get(column, String[].class);
        return values == null ? null : List.of(values);
    }

    static boolean flag(Record row, String column) {
        return present(row.get(column, Boolean.class), column);
    }

    static QualifiedName name(Record row, String schemaColumn, String nameColumn) {
        return new QualifiedName(string(row, schemaColumn), string(row, nameColumn));
    }

    static @Nullable QualifiedName optionalName(Record row, String schemaColumn, String nameColumn) {
        return optionalString(row, nameColumn) == null ? null : name(row, schemaColumn, nameColumn);
    }

    private static <T> T present(@Nullable T value, String column) {
        if (value == null) {
            throw new IllegalStateException("the catalog has no value for " + column);
        }
        return value;
    }
}
