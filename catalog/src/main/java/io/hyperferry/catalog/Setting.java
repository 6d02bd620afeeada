package io.hyperferry.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A setting that sessions of one database begin with.
 *
 * @param role the role to whose sessions it is limited, or null for everybody's
 * @param name the parameter, for example {@code search_path}
 * @param value its value as the server stores it
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html">pg_db_role_setting</a>
 */
public record Setting(@Nullable String role, String name, String value) {
    public Setting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}
