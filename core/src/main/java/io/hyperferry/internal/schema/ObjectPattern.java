package io.hyperferry.internal.schema;

import io.hyperferry.catalog.Job;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of an exclude filter that names objects of one kind other than tables and views: {@code function:public.f(integer)}. The kind is
 * pg_dump's, in lower case and with hyphens, or {@code job}; the name is the one that a plan shows for the object, with {@code *} and {@code ?}
 * as wildcards.
 *
 * @param pattern the pattern as it was written
 * @param kind the kind, for example {@code EVENT TRIGGER}
 * @param name what the name has to match
 */
public record ObjectPattern(String pattern, String kind, Pattern name) {
    private static final String JOB = "JOB";
    private static final Pattern WITH_KIND = Pattern.compile("(?<kind>[a-z]+(?:-[a-z]+)*):(?<name>.+)", Pattern.DOTALL);

    /** Kinds whose objects the patterns of tables and views name. */
    private static final Set<String> RELATIONS = Set.of("FOREIGN TABLE", "MATERIALIZED VIEW", "TABLE", "VIEW");

    /** The kinds of entries that pg_dump writes before and after the rows, and that no table and no view is. */
    private static final Set<String> KINDS = Set.of(
            "ACCESS METHOD",
            "ACL",
            "AGGREGATE",
            "CAST",
            "CHECK CONSTRAINT",
            "COLLATION",
            "COMMENT",
            "CONSTRAINT",
            "CONVERSION",
            "DEFAULT",
            "DEFAULT ACL",
            "DOMAIN",
            "EVENT TRIGGER",
            "EXTENSION",
            "FK CONSTRAINT",
            "FOREIGN DATA WRAPPER",
            "FUNCTION",
            "INDEX",
            JOB,
            "OPERATOR",
            "OPERATOR CLASS",
            "OPERATOR FAMILY",
            "POLICY",
            "PROCEDURAL LANGUAGE",
            "PROCEDURE",
            "PUBLICATION",
            "PUBLICATION TABLE",
            "RULE",
            "SCHEMA",
            "SECURITY LABEL",
            "SEQUENCE",
            "SERVER",
            "STATISTICS",
            "TEXT SEARCH CONFIGURATION",
            "TEXT SEARCH DICTIONARY",
            "TEXT SEARCH PARSER",
            "TEXT SEARCH TEMPLATE",
            "TRANSFORM",
            "TRIGGER",
            "TYPE",
            "USER MAPPING");

    /** The patterns of a filter that name objects; the others name tables and views. */
    public static List<ObjectPattern> in(Collection<String> patterns) {
        return patterns.stream().flatMap(pattern -> of(pattern).stream()).toList();
    }

    /** The pattern of tables and views without the kind that it may begin with. */
    public static String ofRelations(String pattern) {
        Matcher parts = WITH_KIND.matcher(pattern);
        return parts.matches() && RELATIONS.contains(kind(parts)) ? parts.group("name") : pattern;
    }

    private static String kind(Matcher parts) {
        return parts.group("kind").replace('-', ' ').toUpperCase(Locale.ROOT);
    }

    /** The pattern, unless it names tables and views. */
    public static Optional<ObjectPattern> of(String pattern) {
        Matcher parts = WITH_KIND.matcher(pattern);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String kind = kind(parts);
        return KINDS.contains(kind)
                ? Optional.of(new ObjectPattern(pattern, kind, Globs.pattern(parts.group("name"))))
                : Optional.empty();
    }

    /** The pattern that names one object, to be pasted as it is, or empty when objects of its kind cannot be named. */
    public static Optional<String> naming(String kind, String name) {
        return RELATIONS.contains(kind)
                ? Optional.of(name)
                : KINDS.contains(kind)
                        ? Optional.of(kind.toLowerCase(Locale.ROOT).replace(' ', '-') + ":" + name)
                        : Optional.empty();
    }

    /** The pattern that names one job. */
    public static String naming(Job job) {
        return JOB.toLowerCase(Locale.ROOT) + ":" + job.title();
    }

    /** Whether it names jobs. */
    public boolean namesJobs() {
        return kind.equals(JOB);
    }

    /** Whether it names this entry of a dump. */
    boolean matches(String kindOfEntry, String nameOfEntry) {
        return kind.equals(kindOfEntry) && matchesName(nameOfEntry);
    }

    /** Whether it names this entry of a dump. */
    public boolean matches(SchemaEntry entry) {
        return matches(entry.kind(), entry.name());
    }

    /** Whether it names this job, by its title or its id. */
    public boolean matches(Job job) {
        return namesJobs()
                && (matchesName(job.title())
                        || name.matcher(Integer.toString(job.id())).matches());
    }

    /** Whether it names something of this name, whatever its kind is. */
    public boolean matchesName(String full) {
        return name.matcher(full).matches();
    }
}
