package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.optionalString;
import static io.hyperferry.catalog.internal.Queries.string;

import io.hyperferry.catalog.RoleUse.Use;
import io.hyperferry.catalog.Setting;
import java.util.Comparator;
import java.util.List;

/** What sessions of this database begin with. */
public final class SettingQueries {
    private static final Comparator<Setting> ORDER = Comparator.comparing(
                    Setting::role, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Setting::name);

    private SettingQueries() {}

    public static List<Setting> read(Queries queries, Roles roles) {
        return queries
                .list(
                        """
                        SELECT CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END AS role,
                               split_part(v.value, '=', 1) AS name, substr(v.value, strpos(v.value, '=') + 1) AS value
                        FROM pg_db_role_setting s
                        CROSS JOIN LATERAL unnest(s.setconfig) v(value)
                        WHERE s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                        """,
                        row -> new Setting(
                                roles.usedIfAny(optionalString(row, "role"), Use.SETTING),
                                string(row, "name"),
                                string(row, "value")))
                .stream()
                .sorted(ORDER)
                .toList();
    }
}
