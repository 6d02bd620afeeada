package io.hyperferry.internal.plan;

import static io.hyperferry.Problem.blocking;

import io.hyperferry.PlanOptions;
import io.hyperferry.Problem;
import io.hyperferry.Problem.Code;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.RoleUse;
import io.hyperferry.catalog.ServerInfo;
import io.hyperferry.internal.sql.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks that the roles of a mapping exist on their side. */
final class RoleMappings {
    private RoleMappings() {}

    /** @param known problems that were found already; a role that is missing there is not reported again */
    static List<Problem> problems(DatabaseCatalog source, ServerInfo target, PlanOptions options, List<Problem> known) {
        Set<String> used = source.roles().stream().map(RoleUse::role).collect(Collectors.toSet());
        List<Problem> problems = new ArrayList<>();
        options.roles().forEach((from, to) -> {
            // The catalog does not list what predefined roles are used for.
            if (!used.contains(from) && !from.startsWith("pg_")) {
                problems.add(blocking(
                        Code.MAPPED_ROLE_UNUSED,
                        from,
                        source.server().inventory().roles().contains(from)
                                ? "the mapping replaces this role of the source, to which nothing in the database refers."
                                : "the mapping replaces this role, which does not exist on the source.",
                        "Correct the role's name, or remove its mapping (mapRole, --map-role)."));
            }
            if (!target.inventory().roles().contains(to)
                    && known.stream()
                            .noneMatch(problem -> problem.code() == Code.ROLE_MISSING
                                    && problem.object().equals(to))
                    && problems.stream()
                            .noneMatch(problem -> problem.code() == Code.ROLE_MISSING
                                    && problem.object().equals(to))) {
                problems.add(blocking(
                        Code.ROLE_MISSING,
                        to,
                        "the mapping names this role of the target in place of " + from + ", and it does not exist.",
                        "CREATE ROLE " + Identifiers.quote(to)
                                + "; on the target, or map to another role (mapRole, --map-role)."));
            }
        });
        return problems;
    }
}
