package io.hyperferry.catalog;

import io.hyperferry.catalog.internal.AccessPathQueries;
import io.hyperferry.catalog.internal.Queries;
import java.sql.Connection;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a query can search a table: its columns with the operators of their types, and its indexes.
 *
 * @param relation the table's name
 * @param columns the columns, by name
 * @param indexes the indexes that queries can use, ordered by name
 * @param unusable the indexes of the table and of its children, chunks for example, that queries do not use because
 *     they are not valid
 */
public record AccessPaths(
        QualifiedName relation,
        Map<String, SearchKey> columns,
        List<SearchIndex> indexes,
        List<QualifiedName> unusable) {
    public AccessPaths {
        Objects.requireNonNull(relation, "relation");
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        indexes = List.copyOf(indexes);
        unusable = List.copyOf(unusable);
    }

    /**
     * A column, or a key of an index, that a condition can be about.
     *
     * @param expression the column or expression as SQL, with the collation of the index where that is another than the
     *     column's
     * @param type the type for a cast, without a length, and without the domain
     * @param equality the equality operator of the type's default operator class, or null when it has none
     * @param order the order of the type, or null when it has none
     */
    public record SearchKey(
            String expression,
            String type,
            @Nullable String equality,
            @Nullable Order order) {
        public SearchKey {
            Objects.requireNonNull(expression, "expression");
            Objects.requireNonNull(type, "type");
        }
    }

    /**
     * The order of a type, by its default operator class for B-trees.
     *
     * @param less the operator for "less than"
     * @param atMost the operator for "less than or equal"
     * @param greater the operator for "greater than"
     * @param atLeast the operator for "greater than or equal"
     * @param least the aggregate that returns the least value, or null when the server has none for the type
     * @param greatest the aggregate that returns the greatest value, or null when the server has none for the type
     */
    public record Order(
            String less,
            String atMost,
            String greater,
            String atLeast,
            @Nullable String least,
            @Nullable String greatest) {
        public Order {
            Objects.requireNonNull(less, "less");
            Objects.requireNonNull(atMost, "atMost");
            Objects.requireNonNull(greater, "greater");
            Objects.requireNonNull(atLeast, "atLeast");
        }
    }

    /**
     * An index.
     *
     * @param name its name
     * @param keys its first keys, up to one that has no equality operator; empty when the first has none
     * @param columns the columns that are keys of it, expressions left out
     * @param predicate the condition of a partial index, or null
     */
    public record SearchIndex(
            String name,
            List<SearchKey> keys,
            List<String> columns,
            @Nullable String predicate) {
        public SearchIndex {
            Objects.requireNonNull(name, "name");
            keys = List.copyOf(keys);
            columns = List.copyOf(columns);
        }
    }

    /**
     * Reads the access paths of tables. Names are spelled for the session's {@code search_path}, so it should be empty.
     *
     * @param connection a connection to the database
     * @param relations the names of the tables; those that do not exist are missing in the result
     * @return the access paths, by table
     * @throws CatalogException when a query fails
     */
    public static Map<QualifiedName, AccessPaths> read(Connection connection, Collection<QualifiedName> relations) {
        Objects.requireNonNull(connection, "connection");
        try {
            return AccessPathQueries.read(new Queries(connection, Set.of()), relations);
        } catch (DataAccessException e) {
            throw new CatalogException("the access paths could not be read: " + e.getMessage(), e);
        }
    }
}
