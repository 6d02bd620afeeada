package io.hyperferry.internal.plan;

import static io.hyperferry.Problem.blocking;
import static io.hyperferry.Problem.warning;
import static io.hyperferry.internal.sql.Identifiers.literal;
import static io.hyperferry.internal.sql.Identifiers.quote;

import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.Constraint;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Extension;
import io.hyperferry.catalog.Hypertable;
import io.hyperferry.catalog.RoleUse;
import io.hyperferry.catalog.RoleUse.Use;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.catalog.Timescale;
import io.hyperferry.catalog.TimescaleFeature;
import io.hyperferry.catalog.Version;
import io.hyperferry.internal.sql.PrivilegeSql;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What must be on the target's server before a schema that refers to it can be restored: roles, extensions, and abilities of TimescaleDB. */
final class Prerequisites {
    /** What the target's role does in the name of another. */
    private static final Set<Use> ACTED_AS = Set.of(Use.OWNER, Use.JOB, Use.DEFAULT_PRIVILEGES, Use.GRANTOR);

    private Prerequisites() {}

    static List<Problem> problems(DatabaseCatalog kept, DatabaseCatalog target, PlanOptions options) {
        List<Problem> problems = new ArrayList<>();
        kept.roles().forEach(it -> role(it, target.server(), options, problems));
        kept.extensions().forEach(it -> extension(it, target, problems));
        encoding(kept.server(), target.server(), problems);
        collations(kept, target.server(), problems);
        timescale(kept, target.server(), problems);
        return problems;
    }

    private static void role(RoleUse use, ServerInfo target, PlanOptions options, List<Problem> problems) {
        Set<Use> needed = EnumSet.noneOf(Use.class);
        needed.addAll(use.uses());
        if (!options.keepOwners()) {
            needed.remove(Use.OWNER);
            needed.remove(Use.JOB);
        }
        if (needed.isEmpty()) {
            return;
        }
        String role = options.roles().getOrDefault(use.role(), use.role());
        if (!target.inventory().roles().contains(role)) {
            problems.add(blocking(
                    Code.ROLE_MISSING,
                    role,
                    "the target has no such role, which the source names as " + words(needed) + ".",
                    "CREATE ROLE " + quote(role) + (needed.contains(Use.JOB) ? " LOGIN" : "")
                            + "; on the target, or have another role stand in for it (mapRole," + " --map-role)."));
            return;
        }
        if (needed.contains(Use.JOB) && !target.inventory().loginRoles().contains(role)) {
            problems.add(blocking(
                    Code.ROLE_CANNOT_RUN_JOBS,
                    role,
                    "background jobs are to run as this role of the target, which may not log in.",
                    "ALTER ROLE " + quote(role)
                            + " LOGIN; on the target, or have another role stand in for it (mapRole,"
                            + " --map-role)."));
        }
        if (needed.stream().anyMatch(ACTED_AS::contains)
                && !target.superuser()
                && !target.inventory().ownRoles().contains(role)) {
            problems.add(blocking(
                    Code.ROLE_NOT_GRANTED,
                    role,
                    "the target's role " + target.user() + " may not act as this role, which is named as "
                            + words(needed) + ".",
                    PrivilegeSql.actAs(role, target.user(), target.postgres().major() >= 16)));
        }
    }

    private static String words(Set<Use> uses) {
        return uses.stream()
                .map(use -> switch (use) {
                    case OWNER -> "an owner";
                    case GRANT -> "somebody who has privileges";
                    case GRANTOR -> "somebody who grants privileges on what others own";
                    case POLICY -> "somebody for whom a row security policy is";
                    case DEFAULT_PRIVILEGES -> "somebody whose objects get privileges by default";
                    case USER_MAPPING -> "the user of a foreign server";
                    case SETTING -> "somebody with settings of their own";
                    case JOB -> "somebody as whom jobs run";
                })
                .collect(Collectors.joining(", and as "));
    }

    private static void extension(Extension extension, DatabaseCatalog target, List<Problem> problems) {
        String name = extension.name();
        @Nullable
        Extension there = target.extensions().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElse(null);
        @Nullable
        String version =
                there == null ? target.server().inventory().extensions().get(name) : there.version();
        if (version == null) {
            problems.add(blocking(
                    Code.EXTENSION_MISSING,
                    name,
                    "the source uses this extension, and the target's server has no package of it.",
                    "Install the package on the target's server, or DROP EXTENSION " + quote(name)
                            + "; on the source if nothing needs it."));
            return;
        }
        if (there == null
                && target.server().inventory().rights().lockedExtensions().contains(name)) {
            problems.add(blocking(
                    Code.PRIVILEGE_MISSING,
                    name,
                    "only a superuser can create this extension on the target's server, and the role "
                            + target.server().user() + " is none.",
                    "Have a superuser run CREATE EXTENSION " + quote(name) + " SCHEMA " + quote(extension.schema())
                            + "; in the target database."));
        }
        if (there != null && !there.schema().equals(extension.schema())) {
            problems.add(blocking(
                    Code.EXTENSION_IN_OTHER_SCHEMA,
                    name,
                    "the extension is in schema " + there.schema() + " on the target and in " + extension.schema()
                            + " on the source, whose objects name it there.",
                    "DROP EXTENSION " + quote(name) + "; on the target: the run creates it where it belongs."));
        }
        if (isOlder(version, extension.version())) {
            problems.add(warning(
                    Code.EXTENSION_OLDER,
                    name,
                    "the target's server has version " + version + " of this extension, the source "
                            + extension.version() + ".",
                    "Install the source's version or a newer one there, if the schema uses what is new in it."));
        }
        if (extension.userRows() > 0) {
            problems.add(warning(
                    Code.EXTENSION_ROWS_STAY,
                    name,
                    extension.userRows() + " rows that users put into the extension's own tables stay behind.",
                    "Copy them by hand: pg_dump --data-only --extension=" + name + "."));
        }
    }

    /** Versions that are no numbers say nothing. */
    private static boolean isOlder(String version, String than) {
        try {
            return Version.parse(version).compareTo(Version.parse(than)) < 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void encoding(ServerInfo source, ServerInfo target, List<Problem> problems) {
        if (!source.encoding().equals(target.encoding())) {
            problems.add(blocking(
                    Code.ENCODING_DIFFERS,
                    target.database(),
                    "the target stores text as " + target.encoding() + ", the source as " + source.encoding()
                            + ": the same text has other bytes, and rows could not be compared.",
                    "Create the target with the source's encoding: CREATE DATABASE … ENCODING '" + source.encoding()
                            + "' TEMPLATE template0;"));
        }
    }

    private static void collations(DatabaseCatalog kept, ServerInfo target, List<Problem> problems) {
        for (String collation : kept.collations()) {
            if (!target.inventory().collations().contains(collation)) {
                problems.add(blocking(
                        Code.COLLATION_MISSING,
                        collation,
                        "the source orders by this collation of its server, which the target's database does not have.",
                        "Install its locale on the target's server, and run SELECT pg_import_system_collations('pg_catalog');"
                                + " in the target database."));
            }
        }
        String from = kept.server().collation();
        if (!sameCollation(from, target.collation())) {
            problems.add(warning(
                    Code.COLLATION_DIFFERS,
                    target.database(),
                    "text without a collation of its own is ordered by " + target.collation()
                            + " on the target, and by " + from
                            + " on the source: sorted results and ranges of text may differ.",
                    "Create the target with the source's locale: CREATE DATABASE … " + locale(from)
                            + " TEMPLATE template0;"));
        }
    }

    /** An operating system writes one name in several ways: {@code en_US.UTF-8} and {@code en_US.utf8}. */
    private static boolean sameCollation(String one, String other) {
        return one.replace("-", "").equalsIgnoreCase(other.replace("-", ""));
    }

    /** The clause of CREATE DATABASE. */
    private static String locale(String collation) {
        String name = literal(collation.substring(collation.indexOf(' ') + 1));
        if (collation.startsWith("icu ")) {
            return "LOCALE_PROVIDER icu ICU_LOCALE " + name;
        }
        return collation.startsWith("builtin ") ? "LOCALE_PROVIDER builtin BUILTIN_LOCALE " + name : "LOCALE " + name;
    }

    /** The statements that create TimescaleDB where the source has it. */
    static String createTimescale(Timescale source) {
        String schema = quote(source.schema());
        return source.schema().equals("public")
                ? "CREATE EXTENSION timescaledb SCHEMA public;"
                : "CREATE SCHEMA IF NOT EXISTS " + schema + "; CREATE EXTENSION timescaledb SCHEMA " + schema + ";";
    }

    private static void timescale(DatabaseCatalog kept, ServerInfo target, List<Problem> problems) {
        @Nullable Timescale from = kept.server().timescale();
        @Nullable Timescale to = target.timescale();
        if (from == null || to == null) {
            return;
        }
        if (!from.schema().equals(to.schema())) {
            problems.add(blocking(
                    Code.TIMESCALEDB_IN_OTHER_SCHEMA,
                    target.database(),
                    "TimescaleDB is in schema " + to.schema() + " on the target and in " + from.schema()
                            + " on the source, whose objects name it there.",
                    "DROP EXTENSION timescaledb; " + createTimescale(from)
                            + " in the target database, in a new session after the first."));
        }
        for (Hypertable hypertable : kept.hypertables()) {
            hypertable(hypertable, problems);
        }
        if (!to.has(TimescaleFeature.FOREIGN_KEY_TO_HYPERTABLE)) {
            for (Constraint constraint : kept.constraints()) {
                if (constraint.references() != null
                        && kept.hypertable(constraint.references()).isPresent()) {
                    problems.add(blocking(
                            Code.FOREIGN_KEY_TO_HYPERTABLE,
                            constraint.table() + "." + constraint.name(),
                            "it is a foreign key to hypertable " + constraint.references()
                                    + ", which the target's TimescaleDB cannot have.",
                            "Use TimescaleDB 2.16 or newer on the target, or drop the constraint on the source."));
                }
            }
        }
    }

    private static void hypertable(Hypertable hypertable, List<Problem> problems) {
        String name = hypertable.name().toString();
        if (hypertable.distributed()) {
            problems.add(blocking(
                    Code.DISTRIBUTED_HYPERTABLE,
                    name,
                    "it is a distributed hypertable, whose rows are on other servers.",
                    "Move its rows to an ordinary hypertable on the source, or leave it behind (exclude, --exclude)."));
        }
        long tiered = hypertable.chunks().stream().filter(it -> it.tiered()).count();
        if (tiered > 0) {
            problems.add(blocking(
                    Code.TIERED_CHUNKS,
                    name,
                    "some of its rows are in object storage, which the target could not reach.",
                    "Bring them back with untier_chunk, or leave the hypertable behind (exclude, --exclude)."));
        }
    }
}
