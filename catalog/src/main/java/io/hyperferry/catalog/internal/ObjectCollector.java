package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;
import static io.hyperferry.catalog.internal.Queries.optionalName;
import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;
import static java.util.stream.Collectors.joining;

import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.RoleUse.Use;
import io.hyperferry.catalog.StorageRelation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Collects the objects of a database with their facts. One query may find an object, another one its comment, a third its privileges: they
 * agree on it by system catalog, OID and column number.
 *
 * <p>A query that {@linkplain #read finds objects} has the columns {@code oid}, {@code kind} and {@code name}, and where they apply
 * {@code sub} (the column's number), {@code schema}, {@code suffix} (what follows the name in the identity), {@code relation_schema} and
 * {@code relation}, and {@code owner}. Every other column is a fact, named by its alias; null is the default, and an array is a list of roles.
 */
final class ObjectCollector {
    private static final Set<String> RESERVED =
            Set.of("oid", "sub", "kind", "schema", "name", "suffix", "relation_schema", "relation", "owner");

    /** What could be mistaken for the end of a name. */
    private static final Pattern AMBIGUOUS = Pattern.compile("[.\"]| on ");

    private final Queries queries;
    private final String notStorage;
    private final Roles roles;
    private final Map<ObjectKey, Draft> drafts = new HashMap<>();

    ObjectCollector(Queries queries, List<StorageRelation> storage, Roles roles) {
        this.queries = queries;
        this.roles = roles;
        // One hash over all OIDs: there may be thousands of them.
        this.notStorage = storage.isEmpty()
                ? ""
                : " AND NOT EXISTS (SELECT FROM unnest('{"
                        + storage.stream().map(it -> Long.toString(it.oid())).collect(joining(","))
                        + "}'::oid[]) storage(oid) WHERE storage.oid = c.oid)";
    }

    /** How an object's name makes its identity. */
    enum Shape {
        /** Schema and name. */
        QUALIFIED,
        /** The name alone. */
        PLAIN,
        /** A name that is unique on its relation: {@code name on schema.relation}. */
        ON_RELATION,
        /** Part of its relation: {@code schema.relation.name}. */
        OF_RELATION
    }

    /** An object of a system catalog, or one of its columns. */
    record ObjectKey(String catalog, long oid, long sub) {}

    private record Draft(
            String kind,
            String identity,
            @Nullable QualifiedName relation,
            @Nullable String owner,
            Map<String, String> facts) {
        DatabaseObject finished() {
            return new DatabaseObject(kind, identity, relation, owner, facts);
        }
    }

    Queries queries() {
        return queries;
    }

    Roles roles() {
        return roles;
    }

    /**
     * Reads objects. The query says with {@code {user_object}} that an object of schema {@code n} is a user's, with {@code {user_relation}}
     * that relation {@code c} in schema {@code n} is and belongs to no chunk, and with {@code {own}} that an object without a
     * schema is a user's.
     *
     * @param catalog the system catalog that the objects are in
     * @param oid the expression for an object's OID
     */
    void read(Shape shape, String catalog, String oid, String sql) {
        query(catalog, oid, sql, row -> {
            add(shape, catalog, row);
            return row;
        });
    }

    <T> List<T> query(String catalog, String oid, String sql, Function<Record, T> row) {
        String own = "({oid} >= 16384 AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalog}'::regclass"
                + " AND e.objid = {oid} AND e.deptype = 'e'))";
        String withRelation = sql.replace("{user_relation}", queries.condition("pg_class", "c.oid") + notStorage)
                .replace("{own}", own.replace("{catalog}", catalog).replace("{oid}", oid));
        return queries.listOfUsers(withRelation, catalog, oid, row);
    }

    private void add(Shape shape, String catalog, Record row) {
        QualifiedName relation =
                row.field("relation") == null ? null : optionalName(row, "relation_schema", "relation");
        String owner = row.field("owner") == null ? null : optionalString(row, "owner");
        Map<String, String> facts = new HashMap<>();
        for (Field<?> field : row.fields()) {
            Object value = row.get(field);
            if (value != null && !RESERVED.contains(field.getName())) {
                facts.put(field.getName(), value instanceof Object[] names ? roleList(names) : value.toString());
            }
        }
        add(
                new ObjectKey(catalog, number(row, "oid"), row.field("sub") == null ? 0 : number(row, "sub")),
                string(row, "kind"),
                identity(shape, row, relation),
                relation,
                roles.usedIfAny(owner, Use.OWNER),
                facts);
    }

    void add(
            ObjectKey key,
            String kind,
            String identity,
            @Nullable QualifiedName relation,
            @Nullable String owner,
            Map<String, String> facts) {
        drafts.put(key, new Draft(kind, identity, relation, owner, new HashMap<>(facts)));
    }

    /** Adds a fact to an object that was found; of others, it is nobody's business. */
    void addFact(ObjectKey key, String fact, String text) {
        Draft draft = drafts.get(key);
        if (draft != null) {
            draft.facts().put(fact, text);
        }
    }

    boolean has(ObjectKey key) {
        return drafts.containsKey(key);
    }

    private String roleList(Object[] names) {
        return Stream.of(names)
                .map(it -> roles.used(it.toString(), Use.POLICY))
                .sorted()
                .distinct()
                .collect(joining(", "));
    }

    private static String identity(Shape shape, Record row, @Nullable QualifiedName relation) {
        String name = part(string(row, "name"));
        String suffix = row.field("suffix") == null ? "" : string(row, "suffix");
        return switch (shape) {
            case QUALIFIED -> part(string(row, "schema")) + "." + name + suffix;
            case PLAIN -> name + suffix;
            case ON_RELATION -> name + " on " + ofRelation(relation);
            case OF_RELATION -> ofRelation(relation) + "." + name;
        };
    }

    private static String ofRelation(@Nullable QualifiedName relation) {
        if (relation == null) {
            throw new IllegalStateException("an object that belongs to a relation came without it");
        }
        return part(relation.schema()) + "." + part(relation.name());
    }

    /** A part of a name, quoted only where it would be ambiguous without. */
    static String part(String name) {
        return AMBIGUOUS.matcher(name).find() ? '"' + name.replace("\"", "\"\"") + '"' : name;
    }

    /** All objects, ordered by kind and identity. */
    List<DatabaseObject> objects() {
        return drafts.values().stream()
                .map(Draft::finished)
                .sorted(Comparator.comparing(DatabaseObject::kind).thenComparing(DatabaseObject::identity))
                .toList();
    }
}
