package io.hyperferry.catalog.internal;

import io.hyperferry.catalog.RoleUse;
import io.hyperferry.catalog.RoleUse.Use;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names roles as the reader was told to, and remembers what each is used for. For one reading; not thread-safe. */
public final class Roles {
    /** PostgreSQL's name for everybody. */
    static final String PUBLIC = "PUBLIC";

    private static final String PREDEFINED = "pg_";

    private final Map<String, String> names;
    private final Map<String, Set<Use>> uses = new TreeMap<>();

    public Roles(Map<String, String> names) {
        this.names = Map.copyOf(names);
    }

    /** The name under which a role of the server appears in the catalog. */
    String name(String role) {
        return names.getOrDefault(role, role);
    }

    /** The same, noting the use; every server has everybody and the predefined roles. */
    String used(String role, Use use) {
        String name = name(role);
        if (!name.equals(PUBLIC) && !name.startsWith(PREDEFINED)) {
            uses.computeIfAbsent(name, it -> EnumSet.noneOf(Use.class)).add(use);
        }
        return name;
    }

    @Nullable
    String usedIfAny(@Nullable String role, Use use) {
        return role == null ? null : used(role, use);
    }

    /** What was noted, ordered by name. */
    public List<RoleUse> uses() {
        return uses.entrySet().stream()
                .map(it -> new RoleUse(it.getKey(), it.getValue()))
                .toList();
    }
}
