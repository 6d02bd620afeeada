package io.hyperferry.catalog;

import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A role that objects of a database refer to. Roles belong to the server, so they do not travel with a database.
 *
 * @param role the role's name
 * @param uses what for
 */
public record RoleUse(String role, Set<Use> uses) {
    /** What a role is named for. */
    public enum Use {
        /** It owns something. */
        OWNER,
        /** It was granted a privilege. */
        GRANT,
        /** It granted a privilege on what somebody else owns. */
        GRANTOR,
        /** A row security policy is for it. */
        POLICY,
        /** Objects that it creates get privileges by default. */
        DEFAULT_PRIVILEGES,
        /** It has a user mapping for a foreign server. */
        USER_MAPPING,
        /** Its sessions in this database begin with a setting. */
        SETTING,
        /** Background jobs run as it, for which it must be allowed to log in. */
        JOB
    }

    public RoleUse {
        Objects.requireNonNull(role, "role");
        uses = Collections.unmodifiableSet(new TreeSet<>(uses));
    }
}
