package io.hyperferry.internal.plan;

import static io.hyperferry.Problem.blocking;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.ContinuousAggregate;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.QualifiedName;
import io.hyperferry.catalog.Rights;
import io.hyperferry.catalog.Sequence;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Table;
import io.hyperferry.catalog.View;
import io.hyperferry.internal.sql.PrivilegeSql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rights that the roles of both sides lack, all of them at once, each with the statement that gives it. */
final class Permissions {
    private static final String PUBLIC_SCHEMA = "public";

    private static final int NAMED = 3;

    /** Objects that PostgreSQL lets nobody else create. */
    private static final Set<String> FOR_SUPERUSERS = Set.of(
            "access method",
            "foreign data wrapper",
            "language",
            "operator class",
            "operator family",
            "text search parser",
            "text search template");

    /** How the body of a function begins, as pg_get_functiondef writes it. */
    private static final Pattern BODY = Pattern.compile("\\n(?:AS |BEGIN ATOMIC|RETURN )");

    private static final Pattern LANGUAGE = Pattern.compile("(?m)^ LANGUAGE (\\S+)$");

    private static final Pattern LEAKPROOF = Pattern.compile("(?m)^ LANGUAGE \\S+\\n(?: [^\\n]*)? LEAKPROOF(?: |$)");

    /** An identity that begins with a schema's name. */
    private static final Pattern QUALIFIED = Pattern.compile("(\"(?:[^\"]|\"\")*\"|[^.\"\\s()]+)\\.");

    private Permissions() {}

    static List<Problem> problems(
            DatabaseCatalog source, DatabaseCatalog kept, ServerInfo target, PlanOptions options) {
        List<Problem> problems = new ArrayList<>();
        reading(source, kept, problems);
        rowSecurity(source.server(), kept, problems);
        if (!target.superuser()) {
            creating(kept, target, options, problems);
            forcedRowSecurity(kept, target, problems);
            superusers(kept, target, problems);
        }
        return problems;
    }

    /** pg_dump locks all tables, also those that stay behind. */
    private static void reading(DatabaseCatalog source, DatabaseCatalog kept, List<Problem> problems) {
        Rights rights = rights(source.server());
        Stream<QualifiedName> relations = Stream.concat(
                source.tables().stream()
                        .filter(it -> it.kind() != Table.Kind.FOREIGN)
                        .map(Table::name),
                kept.aggregates().stream().map(ContinuousAggregate::name));
        Map<String, List<QualifiedName>> tables = new TreeMap<>(relations.collect(groupingBy(QualifiedName::schema)));
        Map<String, List<QualifiedName>> sequences = kept.sequences().stream()
                .filter(it -> !it.readable())
                .map(Sequence::name)
                .collect(groupingBy(QualifiedName::schema));
        Set<String> schemas = new TreeSet<>(tables.keySet());
        schemas.addAll(sequences.keySet());
        for (String schema : schemas) {
            List<QualifiedName> unreadable = tables.getOrDefault(schema, List.of()).stream()
                    .filter(rights.unreadable()::contains)
                    .toList();
            List<QualifiedName> unread = sequences.getOrDefault(schema, List.of());
            boolean closed = rights.closedSchemas().contains(schema);
            if (closed || !unreadable.isEmpty() || !unread.isEmpty()) {
                problems.add(unreadable(source.server(), schema, closed, unreadable, unread));
            }
        }
    }

    private static Problem unreadable(
            ServerInfo source,
            String schema,
            boolean closed,
            List<QualifiedName> tables,
            List<QualifiedName> sequences) {
        List<String> missing = new ArrayList<>();
        List<String> sql = new ArrayList<>();
        if (closed) {
            missing.add("use anything in it");
            sql.add(PrivilegeSql.useSchema(schema, source.user()));
        }
        if (!tables.isEmpty()) {
            missing.add("read " + some("table", tables));
            sql.add(PrivilegeSql.readTables(tables, source.user()));
        }
        if (!sequences.isEmpty()) {
            missing.add("read " + some("sequence", sequences));
            sql.add(PrivilegeSql.readSequences(sequences, source.user()));
        }
        return blocking(
                Code.PRIVILEGE_MISSING,
                "schema " + schema,
                "the source's role " + source.user() + " may not " + String.join(", nor ", missing) + ".",
                String.join(" ", sql) + " on the source"
                        + (source.postgres().major() >= 14
                                ? ", or for all schemas at once " + PrivilegeSql.readAll(source.user())
                                : "."));
    }

    private static String some(String kind, List<QualifiedName> names) {
        String first = names.stream().limit(NAMED).map(QualifiedName::name).collect(joining(", "));
        return (names.size() == 1 ? kind : names.size() + " " + kind + "s") + " " + first
                + (names.size() > NAMED ? " and so on" : "");
    }

    private static void rowSecurity(ServerInfo source, DatabaseCatalog kept, List<Problem> problems) {
        for (Table table : kept.tables()) {
            if (rights(source).rowSecured().contains(table.name())) {
                problems.add(hidden("source", source.user(), table.name()));
            }
        }
    }

    /** Policies that are forced hold for the owner, too, and so for the proof. */
    private static void forcedRowSecurity(DatabaseCatalog kept, ServerInfo target, List<Problem> problems) {
        if (!rights(target).bypassesRowSecurity()) {
            kept.objects().stream()
                    .filter(it -> "enabled, forced".equals(it.facts().get("row security")) && it.relation() != null)
                    .forEach(it -> problems.add(hidden("target", target.user(), it.relation())));
        }
    }

    private static Problem hidden(String side, String user, QualifiedName table) {
        return blocking(
                Code.PRIVILEGE_MISSING,
                table.toString(),
                "row security policies may hide rows of it from the " + side + "'s role " + user + ".",
                PrivilegeSql.bypassRowSecurity(user) + " on the " + side + ", by a superuser.");
    }

    private static void creating(DatabaseCatalog kept, ServerInfo target, PlanOptions options, List<Problem> problems) {
        Rights rights = rights(target);
        if (!rights.createsSchemas()) {
            problems.add(missing(
                    target.database(),
                    "the target's role " + target.user() + " may not create schemas in this database.",
                    PrivilegeSql.createSchemas(target.database(), target.user())));
        }
        if (rights.barredFromPublic().contains(target.user()) && usesPublicSchema(kept)) {
            problems.add(missing(
                    "schema " + PUBLIC_SCHEMA,
                    "the target's role " + target.user() + " may not create anything in this schema.",
                    PrivilegeSql.createIn(PUBLIC_SCHEMA, target.user())));
        }
        if (options.keepOwners()) {
            owners(kept, rights, options, problems);
            aggregateOwners(kept, options, problems);
        }
        boolean schemaChanged = kept.objects().stream()
                .anyMatch(it -> it.title().equals("schema " + PUBLIC_SCHEMA)
                        && (!it.facts().isEmpty() || it.owner() != null));
        // Since PostgreSQL 15, who owns the database owns this schema.
        boolean together = target.postgres().major() >= 15;
        boolean databaseNeeded = Compatibility.isDatabaseChanged(kept, target) || (schemaChanged && together);
        if (!rights.ownsDatabase() && databaseNeeded) {
            problems.add(missing(
                    target.database(),
                    "the source's database, or its schema public, has settings, privileges or a comment, which only the"
                            + " owner of a database can give it.",
                    PrivilegeSql.ownDatabase(target.database(), target.user())));
        } else if (!rights.ownsPublicSchema() && schemaChanged) {
            problems.add(missing(
                    "schema " + PUBLIC_SCHEMA,
                    "it has privileges, a comment or an owner of its own on the source, which only its owner can give it.",
                    PrivilegeSql.ownSchema(PUBLIC_SCHEMA, target.user())));
        }
    }

    private static Problem missing(String object, String message, String sql) {
        return blocking(Code.PRIVILEGE_MISSING, object, message, sql + " on the target.");
    }

    private static boolean usesPublicSchema(DatabaseCatalog kept) {
        return Stream.of(
                                kept.tables().stream().map(Table::name),
                                kept.views().stream().map(View::name),
                                kept.sequences().stream().map(Sequence::name))
                        .flatMap(it -> it)
                        .anyMatch(it -> it.schema().equals(PUBLIC_SCHEMA))
                || kept.objects().stream().anyMatch(it -> PUBLIC_SCHEMA.equals(schema(it)));
    }

    /** Without a superuser, only those get something in a schema who may create there: its owner, and whom the source lets. */
    private static void owners(DatabaseCatalog kept, Rights target, PlanOptions options, List<Problem> problems) {
        UnaryOperator<String> mapped = role -> options.roles().getOrDefault(role, role);
        Map<String, Set<String>> owners = new TreeMap<>();
        Map<String, DatabaseObject> schemas = new HashMap<>();
        for (DatabaseObject object : kept.objects()) {
            @Nullable String schema = schema(object);
            @Nullable String owner = object.owner();
            if (schema != null && owner != null) {
                owners.computeIfAbsent(schema, it -> new TreeSet<>()).add(owner);
            } else if (object.kind().equals("schema")) {
                schemas.put(unquoted(object.identity()), object);
            }
        }
        owners.forEach((schema, roles) -> {
            @Nullable DatabaseObject described = schemas.get(schema);
            for (String owner : roles) {
                boolean there = schema.equals(PUBLIC_SCHEMA);
                boolean may = described != null && (owner.equals(described.owner()) || creates(described, owner));
                if (!may && !(there && !target.barredFromPublic().contains(mapped.apply(owner)))) {
                    problems.add(blocking(
                            Code.PRIVILEGE_MISSING,
                            "schema " + schema,
                            "what the target's role is to give to " + mapped.apply(owner)
                                    + " in this schema, it cannot: that role may not create anything there.",
                            PrivilegeSql.createIn(schema, owner)
                                    + " on the source, which then holds for the target, too."));
                }
            }
        });
    }

    /** They make them themselves, before there are privileges on what is aggregated. */
    private static void aggregateOwners(DatabaseCatalog kept, PlanOptions options, List<Problem> problems) {
        UnaryOperator<String> mapped = role -> options.roles().getOrDefault(role, role);
        Map<QualifiedName, String> owners = new HashMap<>();
        kept.objects().forEach(it -> {
            if (it.kind().equals("table") && it.relation() != null && it.owner() != null) {
                owners.put(it.relation(), it.owner());
            }
        });
        kept.aggregates().forEach(it -> owners.put(it.name(), it.owner()));
        for (ContinuousAggregate aggregate : kept.aggregates()) {
            String below = mapped.apply(owners.getOrDefault(aggregate.source(), aggregate.owner()));
            String owner = mapped.apply(aggregate.owner());
            if (!owner.equals(below)) {
                problems.add(blocking(
                        Code.PRIVILEGE_MISSING,
                        aggregate.name().toString(),
                        "without a superuser, " + owner
                                + " cannot be the owner of this continuous aggregate, as what it" + " aggregates, "
                                + aggregate.source() + ", belongs to " + below + ".",
                        "Migrate as a superuser of the target, map both roles to one (mapRole), or leave the owners"
                                + " behind (without keepOwners)."));
            }
        }
    }

    private static boolean creates(DatabaseObject schema, String role) {
        return Stream.of(role, "PUBLIC")
                .map(it -> schema.facts().getOrDefault("granted to " + it, ""))
                .flatMap(it -> Stream.of(it.split(", ", -1)))
                .map(it -> it.replace("*", ""))
                .anyMatch(it -> it.equals("CREATE") || it.equals("ALL"));
    }

    /** The schema of an object that is in one. */
    private static @Nullable String schema(DatabaseObject object) {
        Matcher qualified = QUALIFIED.matcher(object.identity());
        return qualified.lookingAt() ? unquoted(qualified.group(1)) : null;
    }

    private static void superusers(DatabaseCatalog kept, ServerInfo target, List<Problem> problems) {
        Set<String> languages = rights(target).lockedLanguages();
        kept.objects().stream()
                .filter(it -> isForSuperusers(it, languages))
                .forEach(it -> problems.add(blocking(
                        Code.SUPERUSER_NEEDED,
                        it.title(),
                        "PostgreSQL lets only superusers create it, and the target's role " + target.user()
                                + " is none.",
                        "Run as a superuser of the target, or drop it on the source if nothing needs it.")));
    }

    private static boolean isForSuperusers(DatabaseObject object, Set<String> languages) {
        Map<String, String> facts = object.facts();
        return FOR_SUPERUSERS.contains(object.kind())
                || switch (object.kind()) {
                    case "cast" -> "binary".equals(facts.get("method"));
                    case "type" -> "base".equals(facts.get("form"));
                    case "publication" -> facts.containsKey("all tables") || facts.containsKey("schemas");
                    case "function", "procedure" -> isForSuperusers(facts.getOrDefault("definition", ""), languages);
                    default -> false;
                };
    }

    private static boolean isForSuperusers(String definition, Set<String> languages) {
        String head = BODY.split(definition, 2)[0];
        Matcher language = LANGUAGE.matcher(head);
        return (language.find() && languages.contains(unquoted(language.group(1))))
                || LEAKPROOF.matcher(head).find();
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    private static Rights rights(ServerInfo server) {
        return server.inventory().rights();
    }
}
