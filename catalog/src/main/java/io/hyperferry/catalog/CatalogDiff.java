package io.hyperferry.catalog;

import static java.util.stream.Collectors.joining;

import io.hyperferry.catalog.internal.CatalogComparison;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** The difference of two catalogs, without what must differ between two servers ({@link #IGNORED}). */
public final class CatalogDiff {
    /** What is not compared, each with the reason; for people. */
    public static final List<String> IGNORED = List.of(
            "servers, databases and roles as such, their versions and what is available on them: they are two servers",
            "the owner of the database: whoever made the target owns it",
            "OIDs, ids of jobs and what became of their runs, names of chunks and of what stores them: every server counts by itself",
            "sizes, row estimates and statistics: they follow the rows, which are compared by their digests",
            "the status bits 'unordered' and 'partial' of chunks: a chunk that is compressed anew has neither",
            "tablespaces of chunks: they are spread anew over the hypertable's tablespaces",
            "settings of the columnstore that the server chooses, for a hypertable or by the rows of a chunk, sparse indexes that"
                    + " it adds, and that a hypertable is to have none",
            "versions of extensions, and extensions that only the target has: servers bring their own",
            "from which time on changes are not noted for continuous aggregates: all of one hypertable share it",
            "values of the options of user mappings, which may be passwords",
            "how subscriptions reach their publisher, which is for superusers to see",
            "rows of materialized views: they are computed on the target",
            "large objects: they are counted only",
            "constraints for NOT NULL by their names: before PostgreSQL 18 they have none",
            "the qualification of columns in views, continuous aggregates and rules between PostgreSQL 15 or older and 16 or newer,"
                    + " which write it otherwise",
            "what may be granted in one version of PostgreSQL and not in the other, where all of it is granted",
            "in which order privileges were granted, and by whom");

    private static final Pattern LINE_BREAK = Pattern.compile("\\r?\\n|\\r");

    private CatalogDiff() {}

    /** What differs. */
    public enum Kind {
        /** A table, its kind, or one of its columns. */
        TABLE,
        /** A hypertable's dimensions and how it makes chunks. */
        HYPERTABLE,
        /** The bounds of the chunks of a hypertable or a continuous aggregate. */
        CHUNK,
        /** Settings of the columnstore, and which chunks are in it. */
        COLUMNSTORE,
        /** A constraint. */
        CONSTRAINT,
        /** An index. */
        INDEX,
        /** A view. */
        VIEW,
        /** A continuous aggregate, or what of it is up to date. */
        CONTINUOUS_AGGREGATE,
        /** A sequence, or where it stands. */
        SEQUENCE,
        /** A policy or a user-defined action. */
        JOB,
        /** An extension. */
        EXTENSION,
        /** Who owns something. */
        OWNER,
        /** What somebody may do with something. */
        PRIVILEGE,
        /** What is said about something. */
        COMMENT,
        /** What sessions begin with. */
        SETTING,
        /** A function, a type, a trigger, a schema. */
        OTHER
    }

    /**
     * One difference.
     *
     * @param kind what differs
     * @param object what it is about, for people
     * @param aspect which of its facts differs; empty when it is about the object as a whole
     * @param source what the source has
     * @param target what the target has
     */
    public record Difference(Kind kind, String object, String aspect, String source, String target) {
        /** What stands for an object that one side does not have. */
        public static final String MISSING = "(missing)";

        /** Words for kinds of objects that are more than one word. */
        private static final List<String> LONG_KINDS = List.of(
                "access method",
                "chunk of",
                "chunk storage of",
                "columnstore of",
                "continuous aggregate",
                "default privileges",
                "event trigger",
                "foreign data wrapper",
                "foreign table",
                "materialized view",
                "operator class",
                "operator family",
                "text search configuration",
                "text search dictionary",
                "text search parser",
                "text search template",
                "user mapping");

        public Difference {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(object, "object");
            Objects.requireNonNull(aspect, "aspect");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(target, "target");
        }

        /** The object's name, without the word for what it is. */
        public String name() {
            return LONG_KINDS.stream()
                    .filter(it -> object.startsWith(it + " "))
                    .map(it -> object.substring(it.length() + 1))
                    .findFirst()
                    .orElse(object.substring(object.indexOf(' ') + 1));
        }

        /** Whether the source lacks the object. */
        public boolean isMissingOnSource() {
            return source.equals(MISSING);
        }

        /** Whether the target lacks the object. */
        public boolean isMissingOnTarget() {
            return target.equals(MISSING);
        }

        @Override
        public String toString() {
            return object + (aspect.isEmpty() ? "" : ", " + aspect) + ": source " + source + ", target " + target;
        }
    }

    /** All the differences, by kind, object and aspect; empty when there are none. */
    public static List<Difference> between(DatabaseCatalog source, DatabaseCatalog target) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        return CatalogComparison.between(source, target);
    }

    /** The differences for people, sorted, one a line with a line feed after each; nothing for none. */
    public static String toText(List<Difference> differences) {
        return differences.stream()
                .map(it -> LINE_BREAK.matcher(it.toString()).replaceAll("\\\\n") + "\n")
                .sorted()
                .collect(joining());
    }
}
